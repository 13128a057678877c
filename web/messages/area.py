"""Words about areas."""

from web.messages.verbs import Verb

MESSAGES = {
    "area.kind": "There is no kind of area called “{kind}”.",
    "area.no_column": "There is no column “{column}”. There are: {columns}.",
    "area.no_crs": "The file does not say what its coordinates are. Say it with --crs, or in the field “Coordinates are in”.",
    "area.none": "{name} has no areas.",
    "area.not_an_area": "This is not an area.",
    "area.not_found": "There is no area {ref} in this register.",
}

VERBS = {
    "load": Verb(did="loaded its outlines"),
}
