"""The lists of spaces and their places."""

from __future__ import annotations

from tempuse.vocabulary.terms import BitTerm, Term


class SpaceKind(Term):
    """What a space is."""

    BUILDING = "building", "Building", "A whole building."
    UNIT = "unit", "Unit", "A room, floor or shopfront within a building."
    PLOT = "plot", "Plot", "A piece of land without a usable building."


class SpaceStatus(Term):
    """Where a space stands in the register's own procedure."""

    REPORTED = "reported", "Reported", "Somebody told us; nobody has looked yet."
    VERIFIED = "verified", "Verified", "The office looked at it and the facts stand."
    OFFERED = "offered", "Offered", "Groups may ask for it."
    WITHHELD = "withheld", "Withheld", "Known to the office, shown to nobody else."
    RETIRED = "retired", "Retired", "No longer a vacant space; kept for the record."


class Occupancy(Term):
    """What was observed: whether somebody uses it."""

    VACANT = "vacant", "Vacant", "Nobody uses it."
    PARTLY_OCCUPIED = "partly_occupied", "Partly occupied", "Somebody uses a part of it."
    TEMPORARY_USE = "temporary_use", "In temporary use", "A group uses it for a time."
    OCCUPIED = "occupied", "Occupied", "Somebody uses all of it for good."
    UNKNOWN = "unknown", "Not known", "Nobody has looked."


class Condition(Term):
    """The state of the fabric."""

    GOOD = "good", "Good", "Usable as it is."
    FAIR = "fair", "Fair", "Usable after small repairs."
    POOR = "poor", "Poor", "Usable only after large repairs."
    UNSAFE = "unsafe", "Unsafe", "Nobody may enter."
    MIXED = "mixed", "Mixed", "Parts differ."
    UNKNOWN = "unknown", "Not known", "Nobody has looked."
    OTHER = "other", "Other", "None of these."
    NOT_APPLICABLE = "not_applicable", "Does not apply", "There is no building."


class PreviousUse(Term):
    """What it was used for before it fell vacant."""

    INDUSTRY = "industry", "Industry", "Making things."
    AGRICULTURE = "agriculture", "Farming", "Farms, greenhouses and food works."
    COMMERCE = "commerce", "Shop", "Shops and showrooms."
    HOSPITALITY = "hospitality", "Café or hotel", "Eating, drinking, sleeping, leisure."
    OFFICE = "office", "Office", "Desk work."
    HOUSING = "housing", "Housing", "Living."
    EDUCATION = "education", "School", "Schools and universities."
    HEALTH = "health", "Health", "Hospitals, surgeries, care."
    CULTURE = "culture", "Culture and sport", "Theatres, museums, sports halls."
    WORSHIP = "worship", "Worship", "Churches and other places of worship."
    PUBLIC_SERVICE = "public_service", "Public service", "Town halls, stations, depots of a public body."
    MILITARY = "military", "Military", "Barracks and training grounds."
    TRANSPORT = "transport", "Transport", "Railways, harbours, airfields, garages."
    STORAGE = "storage", "Storage", "Warehouses and logistics."
    EXTRACTION = "extraction", "Quarry or mine", "Quarries, mines and tips."
    MIXED = "mixed", "Mixed", "Several of these."
    UNKNOWN = "unknown", "Not known", "Nobody has told."
    OTHER = "other", "Other", "None of these."
    NOT_APPLICABLE = "not_applicable", "Does not apply", "It was never used."


class Facility(BitTerm):
    """What may be there; each is yes, no or not known."""

    POWER = "power", "Power", "Mains electricity.", 0
    THREE_PHASE_POWER = "three_phase_power", "Three-phase power", "For machines, ovens and stage light.", 1
    WATER = "water", "Water", "Running water.", 2
    DRAIN = "drain", "Drain", "Waste water runs off.", 3
    HEATING = "heating", "Heating", "It can be heated.", 4
    EXTRACTION = "extraction", "Extraction", "Fumes can be led outside.", 5
    DAYLIGHT = "daylight", "Daylight", "Enough to work by.", 6
    TOILETS = "toilets", "Toilets", "Toilets that work.", 7
    KITCHEN = "kitchen", "Kitchen", "Cooking is possible and allowed.", 8
    INTERNET = "internet", "Internet", "A line into the building.", 9
    STEP_FREE_ACCESS = "step_free_access", "No steps", "Reached without a step.", 10
    GOODS_LIFT = "goods_lift", "Goods lift", "A lift for goods that works.", 11
    LOADING_ACCESS = "loading_access", "Loading access", "A van can reach the door.", 12


class UseCategory(BitTerm):
    """What a space suits."""

    WORKSHOP = "workshop", "Workshop", "Making and repairing things.", 0
    STUDIO = "studio", "Studio", "Art, craft and design.", 1
    REHEARSAL = "rehearsal", "Rehearsal", "Music, theatre and dance.", 2
    MEETING = "meeting", "Meeting place", "Neighbours, clubs and newcomers.", 3
    EVENT = "event", "Exhibition or event", "Shows, markets and feasts for a time.", 4
    SHOP = "shop", "Shop", "Selling and lending.", 5
    FOOD = "food", "Kitchen or café", "Cooking and eating together.", 6
    LEARNING = "learning", "Learning", "Classes, labs and homework.", 7
    OFFICE = "office", "Office", "Desks and small firms.", 8
    SPORT = "sport", "Sport and play", "Moving, indoors and out.", 9
    GARDEN = "garden", "Garden", "Growing food and flowers.", 10
    STORAGE = "storage", "Storage", "Keeping a group’s things.", 11
    SHELTER = "shelter", "Shelter", "Emergency reception.", 12
    OTHER = "other", "Other", "None of these.", 13


class CostModel(Term):
    """What a user pays."""

    FREE = "free", "Free", "The user pays nothing."
    RUNNING_COSTS = "running_costs", "Running costs only", "The user pays for power, water and the like."
    REDUCED = "reduced", "Reduced rent", "Less than the market asks."
    MARKET = "market", "Market rent", "What the market asks."
    UNKNOWN = "unknown", "Not known", "Ask the owner."


class CostPeriod(Term):
    """What an amount is paid for."""

    DAY = "day", "a day"
    MONTH = "month", "a month"
    YEAR = "year", "a year"
    ONCE = "once", "once"


class Ownership(Term):
    """Who holds title. Public: the first two; everything else needs the owner's word to be published."""

    MUNICIPALITY = "municipality", "Municipality", "The municipality itself."
    PUBLIC_BODY = "public_body", "Other public body", "State, region, railway, university."
    PRIVATE = "private", "Private", "Not a public body; nobody said more."
    COMPANY = "company", "Company", "A firm."
    PRIVATE_PERSON = "private_person", "Private person", "One person or several."
    ASSOCIATION = "association", "Association", "A club, foundation, church or cooperative."
    MIXED = "mixed", "Several owners", "Owners of different kinds."
    UNKNOWN = "unknown", "Not known", "Nobody has found out."
    OTHER = "other", "Other", "None of these."


PUBLIC_OWNERSHIP = frozenset({Ownership.MUNICIPALITY, Ownership.PUBLIC_BODY})


class Consent(Term):
    """What the owner said about publishing the space."""

    UNASKED = "unasked", "Not asked", "Nobody has asked the owner."
    ASKED = "asked", "Asked", "The owner was asked, and has not answered yet."
    NOTIFIED = "notified", "Notified", "The owner was told of the plan to publish and of the right to object."
    GIVEN = "given", "Given", "The owner agreed."
    OBJECTED = "objected", "Objected", "The owner said no."


class WordHow(Term):
    """By which way the owner's word on publishing came."""

    LINK = "link", "By the link in a letter", "The owner opened the link, read what would be shown, and chose."
    PAPER = "paper", "On paper", "A letter, or a form that was signed."
    MAIL = "mail", "By e-mail", "The owner wrote from a mailbox that the office knows."
    SPOKEN = "spoken", "Spoken", "In a talk or by telephone."
    PAGE = "page", "By the space’s page", "Somebody spoke for the owner there, and the office looked at it."


class Heritage(Term):
    """Protection as a monument."""

    NONE = "none", "Not protected", "No protection."
    OF_INTEREST = "of_interest", "Of interest", "Worth keeping, without legal protection."
    LISTED = "listed", "Listed", "Protected by law."
    UNKNOWN = "unknown", "Not known", "Nobody has looked."


class Contamination(Term):
    """Harmful substances in soil or building."""

    NONE = "none", "None", "Examined, nothing found."
    UNLIKELY = "unlikely", "Unlikely", "Nothing points to it."
    SUSPECTED = "suspected", "Suspected", "Something points to it."
    CONFIRMED = "confirmed", "Confirmed", "Found."
    TREATED = "treated", "Treated", "Found and cleaned up."
    UNKNOWN = "unknown", "Not known", "Nobody has looked."


class Certainty(Term):
    """How sure the office is of the facts."""

    CERTAIN = "certain", "Certain", "Seen or measured by the office."
    LIKELY = "likely", "Likely", "From a source the office trusts."
    UNCERTAIN = "uncertain", "Uncertain", "Hearsay, or sources that differ."


class PlacedBy(Term):
    """How the space came to its place on the map."""

    FILE = "file", "From the file", "Coordinates or an outline in the sender’s file."
    ADDRESS = "address", "By its address", "Joined to a list of addresses."
    OPENSTREETMAP = "openstreetmap", "By an address of OpenStreetMap", "Joined to the addresses of the map’s ground."
    PARCEL = "parcel", "By its parcel", "Joined to the cadastre."
    GEOCODER = "geocoder", "By a geocoder", "Found by an address service."
    PLANNER = "planner", "By hand", "Drawn or clicked by the office."
    ESTIMATE = "estimate", "Approximate", "Known only roughly."


class LocationLevel(Term):
    """How precisely the public sees where a space is, from precise to nothing."""

    EXACT = "exact", "Exact", "Its outline or point, and its address."
    CELL = "cell", "Square", "A fixed square of 500 m, nothing that locates it better."
    DISTRICT = "district", "District", "The district’s name only."
    HIDDEN = "hidden", "Hidden", "Not where it is at all."


class OwnerLimit(Term):
    """The most that is seen of a space while a word of its owner waits that nobody in the office has looked at."""

    CELL = "cell", "At most a square", "Somebody who speaks for the owner asked to show no more."
    DISTRICT = "district", "At most the district", "Somebody who speaks for the owner asked to show no more."
    HIDDEN = "hidden", "Nothing of where it is", "Somebody who speaks for the owner asked to show no more."
    OFF = "off", "Nothing", "Somebody who speaks for the owner asked to take it off."


class Audience(Term):
    """For whom something is shown or written."""

    PUBLIC = "public", "Public", "Everybody."
    PARTNER = "partner", "Partner", "Mediators and departments who place groups."
    OFFICE = "office", "Office", "Planners and administrators."
