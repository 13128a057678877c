"""Words about files that are downloaded."""

MESSAGES = {
    "download.sheet_too_large": "Over the web a spreadsheet has at most {most} spaces. Choose csv or gpkg, or a filter.",
}
