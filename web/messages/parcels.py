"""Words about lists of parcels."""

MESSAGES = {
    "parcels.no_key": "{name} has no column “{key}”. It has: {columns}.",
    "parcels.none": "{name} has no parcels with outlines.",
    "parcels.unmatched": "Not among the parcels.",
}
