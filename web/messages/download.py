"""Words about files that are downloaded."""

MESSAGES = {
    "download.busy": "This file is being made. Try again in a minute.",
    "download.sheet_too_large": "Over the web a spreadsheet has at most {most} spaces. Choose csv or gpkg, or a filter.",
}
