"""Words about people of the office."""

from web.messages.verbs import Verb

MESSAGES = {
    "person.email_taken": "{email} belongs to {name} already.",
    "person.ended_before": "{email} belongs to {name}, who left. Bring them back instead.",
    "person.invalid": "Some things do not fit yet.",
    "person.last_administrator": "This is the last administrator. Make somebody else administrator first.",
    "person.name": "Write the person’s name.",
    "person.no_such_email": "Nobody in the office has the address {email}.",
    "person.not_found": "There is no person {ref} in this register.",
    "person.of_office": "{name} works in the office: what they decided bears their name. End their account instead.",
    "person.password_easy": "This password is easy to guess. Choose something else.",
    "person.password_length": "A password has {least} to {most} characters.",
    "person.too_long": "This is longer than {most} characters. Please shorten it.",
}

VERBS = {
    "add": Verb(did="added them"),
    "edit": Verb(did="changed what is known of them"),
    "end": Verb(did="noted that they left"),
    "bring_back": Verb(did="brought them back"),
    "forget": Verb(did="erased who they are"),
    "calendar_given": Verb(did="made a new private address of the calendar"),
    "calendar_ended": Verb(did="ended the private address of the calendar"),
}
