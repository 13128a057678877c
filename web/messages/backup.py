"""Words about backups."""

MESSAGES = {
    "backup.damaged": "The backup {path} is damaged: {part} in it cannot be read ({detail}). Take an older one.",
    "backup.exists": "There is something at {path} already. Choose another place.",
    "backup.home_in_use": "The folder {path} is in use already. Set TEMPUSE_HOME to an empty one.",
    "backup.newer": "{path} was made by a newer tempuse ({version}). Install that one.",
    "backup.not_ours": "{path} is not a backup of tempuse.",
    "backup.of_damaged": "The register {path} is damaged ({detail}). What could be read is in {kept}; it is not a good backup. Keep the older ones, and bring back the last good one with “tempuse restore”.",
}
