"""Words about coordinate reference systems."""

MESSAGES = {
    "crs.passed_over": "Passed over; the coordinates were tried instead.",
    "crs.unknown": "“{crs}” is not a coordinate reference system that we know. Write it like EPSG:31370.",
}
