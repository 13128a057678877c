"""Words about geometries."""

MESSAGES = {
    "geometry.closed_line": "It is a closed line, not an area.",
    "geometry.mended": "Mended.",
    "geometry.mended_ring": "The outline crosses itself.",
    "geometry.no_place": "This is not a place: a point or an outline is needed.",
    "geometry.not_on_earth": "This place is not on the earth: {value}.",
    "geometry.parts_taken": "It holds lines or points beside areas.",
    "geometry.too_tangled": "The outline crosses itself so often that we cannot mend it. Draw it anew, or ask the sender for it.",
    "geometry.unreadable": "The outline cannot be read.",
}
