"""Words about restoring."""

MESSAGES = {
    "restore.half": "A restore to {path} was interrupted. Do it again with “tempuse restore”, which clears what is left of it.",
    "restore.side_file": "{path} is left from another register. Move it away together with the register that it belongs to; without it that one may lack its last changes.",
}
