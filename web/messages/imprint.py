"""Words that a file says of itself."""

MESSAGES = {
    "imprint.as_of": "{publisher}, as of {day}.",
    "imprint.inside": "Not for everybody.",
    "imprint.licence": "Licence: {licence}.",
    "imprint.named": "Source to be named: {attribution}.",
}
