"""Why the public sees something of a space, or nothing: the reasons of ``publication.Ruling``."""

MESSAGES = {
    "publication.reported": "nobody from the office has verified it yet.",
    "publication.undecided": "nobody has said yet what the public sees of such a space.",
    "publication.withheld": "it is withheld.",
    "publication.objected": "the owner said no.",
    "publication.objection_waits": "somebody who speaks for the owner said no, and nobody has looked at it yet.",
    "publication.unasked": "nobody has asked the owner yet.",
    "publication.asked": "the owner was asked, but has not answered yet.",
    "publication.notified": "the owner has been told, but has not agreed yet.",
    "publication.no_day": "the owner has been told, but the day is not written down.",
    "publication.in_notice": "the owner may say no until {day}.",
    "publication.not_offered": "it is not offered yet, and the city shows spaces only from then on.",
    "publication.ended": "The public sees only that it ended, and when.",
    "publication.exact": "Public, with name, address and place, as far as they are known.",
    "publication.cell": "Public, but only as a square of 500 m. Whatever else tells where it is stays here.",
    "publication.district": "Public, but only with its district. Whatever else tells where it is stays here.",
    "publication.hidden": "Public, but nobody sees where it is.",
}
