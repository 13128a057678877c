"""Words for the office's rooms for spaces and reports."""

MESSAGES = {
    "geocoder.no_answer": "The address service does not answer just now. Click the place on the map, or try again later.",
    "geocoder.not_set": "The city has named no address service in its settings.",
    "report.email": "This is not an e-mail address. Write it like name@example.org.",
    "report.invalid": "Some things do not fit yet.",
    "report.not_found": "There is no report {ref} in this register.",
    "where.needs_crs": "We cannot tell which coordinates these are. Write latitude and longitude, like 51.05, 3.72, or set the national system in the settings.",
    "where.outside": "This lies outside {extent}. Check the numbers, or click the place on the map.",
    "where.read_national": "We read the numbers as national coordinates. Look whether the place is right.",
    "where.several": "This holds no place, or several. One is needed.",
    "where.turned_round": "Longitude came first, so we turned the two numbers round. Look whether the place is right.",
    "where.unreadable": "We cannot read this as a place. Write latitude and longitude, like 51.05, 3.72, or paste WKT or GeoJSON.",
}
