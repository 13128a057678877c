"""Words about the building that a unit lies in."""

MESSAGES = {
    "within.not_found": "There is no building of this reference. Write it like SP-0117, or leave this empty.",
}
