"""Words about where places must lie."""

MESSAGES = {
    "extent.unknown": "“{extent}” is neither a country we know (two letters, like BE) nor a box (west,south,east,north).",
}
