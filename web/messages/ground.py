"""Words about the town's own background."""

MESSAGES = {
    "ground.damaged": "{name} is damaged or not whole. Download it again.",
    "ground.no_streets": "{name} has no streets where this town lies. Take the extract of your own region.",
    "ground.none": "{name} is neither an OpenStreetMap extract (.osm.pbf) nor a map in one file (.pmtiles).",
    "ground.other_layers": "{name} is a map of another kind. We draw those that are laid out like Protomaps: with roads, buildings and water.",
    "ground.too_large": "{name} is larger than {most} MB. Take the extract of your town or region.",
    "ground.too_wide": "{name} holds a whole country. Load the municipality’s boundary first, then only that part is taken; or take the extract of your town.",
}
