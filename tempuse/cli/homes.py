"""Where each command lives, and what it does in a sentence."""

from __future__ import annotations

# A module is loaded when one of its commands is asked for: an export by night need not load the web and its map
# (200 MB, two seconds), nor does a list of the commands. A test compares the sentences with those of the commands.
HOMES: dict[str, dict[str, str]] = {
    "caring": {
        "backup": "Make one archive of everything: register, accounts, attachments, key.",
        "check": "Hold the register against its own rules; ends with 1 when something is wrong.",
        "doctor": "Say in sentences what is wrong with this installation; ends with 1 when something is.",
        "restore": "Bring a backup back, into a place where there is no register yet; also from a file into "
        "PostgreSQL.",
        "upgrade": "Bring the register to this program's version, after a backup.",
    },
    "demo": {
        "demo": "Make a demo register and serve it: an invented town and 25 documented sites.",
    },
    "exporting": {
        "export": "Write spaces or areas to a file: GeoJSON, GeoPackage, FlatGeobuf, Shapefile, KML, CSV, Excel, ODS.",
    },
    "ground": {
        "ground": "Make the map's streets, buildings and house numbers of an OpenStreetMap extract (.osm.pbf), or "
        "take a .pmtiles.",
    },
    "importing": {
        "areas": "Load districts, the municipality's boundary, water or green; without a file, count them.",
        "import": "Bring in a city's list: any table or map file.",
    },
    "jobs": {
        "jobs": "The imports that were begun and not ended, in the office or on the command line.",
    },
    "matching": {
        "match": "List the spaces that fit what somebody looks for, the best first, with what is open or half there.",
    },
    "needs": {
        "needs": "Which groups look for a space, and what for.",
    },
    "moves": {
        "close": "Stop offering spaces.",
        "doubt": "Take a verification back.",
        "erase": "Erase a person's data from the history of spaces, at that person's request, for good.",
        "offer": "Offer spaces to groups.",
        "reinstate": "Bring retired spaces back.",
        "release": "Stop withholding spaces.",
        "retire": "End spaces that are no longer vacant; they stay in the register.",
        "verify": "Say that the office looked and the facts stand.",
        "withhold": "Show spaces to nobody but the office.",
    },
    "people": {
        "user": "The people of the office.",
    },
    "permit_moves": {
        "permit": "Make a move of permits: each by itself; what a rule forbids is said, and the others go on.",
    },
    "permits": {
        "permits": "Who uses which space, or asks for it: requests, permits, past uses.",
    },
    "purging": {
        "purge": "Take out, for good, what requests, permits and needs tell of persons when their time is over.",
    },
    "register": {
        "create": "Make an empty register.",
        "settings": "Show or change what the city sets.",
        "stats": "Count the spaces: by status, kind, occupancy, and what the public sees; or by district, or as "
        "of a past day.",
    },
    "serving": {
        "serve": "Serve the public map and the office.",
        "worker": "Do the work behind the pages: letters, large imports, what the calendar makes public.",
    },
}
