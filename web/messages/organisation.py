"""Words about organisations and those who belong to them."""

from web.messages.verbs import Verb

MESSAGES = {
    "organisation.changed_since": "Somebody changed {ref} since you opened it. Look at what is there now and send yours again.",
    "organisation.invalid": "Some things do not fit yet.",
    "organisation.member_already": "{name} has this part already.",
    "organisation.name": "Write the organisation’s name.",
    "organisation.no_member": "{name} has no part in {ref}.",
    "organisation.not_asked": "{ref} has not asked you to join, or took it back.",
    "organisation.not_found": "There is no organisation {ref} in this register.",
    "organisation.own_guarantor": "An organisation cannot answer for itself. Choose another one.",
    "organisation.retired": "{ref} ended on {day}. Bring it back first.",
    "organisation.runs": "{ref} cannot end yet: {refs} still runs. End that first.",
    "organisation.url": "Write a whole web address, like https://example.org.",
}

VERBS = {
    "add": Verb(did="wrote it down"),
    "edit": Verb(did="changed what is known of it"),
    "retire": Verb(did="noted that it ended"),
    "reinstate": Verb(did="brought it back"),
    "invite": Verb(did="invited somebody"),
    "join": Verb(did="took up a part"),
    "decline": Verb(did="said no"),
    "leave": Verb(did="gave up a part"),
    "remove": Verb(did="took a part away"),
    "calendar_given": Verb(did="made a new private address of the calendar"),
    "calendar_ended": Verb(did="ended the private address of the calendar"),
}
