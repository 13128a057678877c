"""Words about uploads."""

MESSAGES = {
    "upload.not_found": "This file is not here any more. Send it again.",
}
