"""Words about places as a person types them."""

MESSAGES = {
    "where.kind": "We do not read {kind}. Paste one point or one outline.",
    "where.needs_crs": "We cannot tell which coordinates these are. Write latitude and longitude, like 51.05, 3.72, or set the national system in the settings.",
    "where.outside": "This lies outside {extent}. Check the numbers, or click the place on the map.",
    "where.read_national": "We read the numbers as national coordinates. Look whether the place is right.",
    "where.several": "This holds no place, or several. One is needed.",
    "where.too_long": "This text is too long to be a place.",
    "where.turned_round": "Longitude came first, so we turned the two numbers round. Look whether the place is right.",
    "where.short_link": "A short link says no place. Open it, and copy the long link from there.",
    "where.unreadable": "We cannot read this as a place. Write latitude and longitude, like 51.05, 3.72, or paste WKT or GeoJSON.",
}
