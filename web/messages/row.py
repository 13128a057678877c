"""Words about a row of a list."""

MESSAGES = {
    "row.back_again": "{ref} was retired on {day}, and the list has it again.",
    "row.cells_kept": "The cells beyond the last column are kept beside it.",
    "row.corrected_by_hand": "Somebody corrected this by hand in {ref}.",
    "row.is_head": "The names of the columns once more.",
    "row.is_heading": "This looks like a heading within the list, not like a space.",
    "row.is_note": "This looks like a note about the list, not like a space.",
    "row.is_total": "This looks like a sum, not like a space.",
    "row.is_units": "These are units or kinds of values, not a space.",
    "row.left_behind": "Left behind.",
    "row.nothing": "No name, no address, no place.",
    "row.nothing_known": "What it tells is neither a name nor an address nor a place.",
    "row.ours_kept": "Ours was kept: {ours}.",
    "row.ref_given": "Brought in as {new_ref}. Please look.",
    "row.ref_twice": "Row {line} has the same reference.",
    "row.same_again": "The same as row {line}.",
    "row.stays_retired": "It stays retired. Please look.",
    "row.too_many_cells": "The row is longer than the header.",
    "row.breaks_permits": "{refs} holds {ref}, and this would break it.",
    "row.not_retired": "It was not retired. End the permit first.",
}
