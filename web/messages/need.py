"""Words about what groups look for."""

from web.messages.verbs import Verb

MESSAGES = {
    "need.changed_since": "Somebody changed {ref} since you opened it. Look at what is there now and send yours again.",
    "need.invalid": "Some things do not fit yet.",
    "need.move_needs": "To do this with {ref}, one more thing is needed: {needs}.",
    "need.not_found": "There is no {ref} among what groups look for.",
    "need.not_open": "Nobody looks for {ref} any more.",
    "need.wrong_state": "{ref} is {status}; it cannot be moved like this ({move}).",
}

VERBS = {
    # Moves of the lifecycle.
    "open": Verb(did="began to look", button="Begin to look", done="The group looks now."),
    "confirm": Verb(did="still looks", button="We still look", done="Good. It stays in the list."),
    "release": Verb(did="let everybody read of it", button="Let everybody read it", done="Everybody can read it now."),
    "fulfil": Verb(did="found a space", button="We found one", done="Written down. It is in no list any more."),
    "withdraw": Verb(did="looks no more", button="We look no more", done="Taken back."),
    "set_aside": Verb(did="set it aside", button="Set it aside", done="Set aside. The group is told why."),
    "reopen": Verb(did="looks again", button="Look again", done="The group looks again."),
    # What else is written into a history.
    "draft": Verb(did="wrote it down"),
    "edit": Verb(did="changed what is looked for"),
    "propose": Verb(did="suggested a space"),
    "contact_gone": Verb(did="took off a contact who was forgotten"),
    "purge": Verb(did="took the personal data out, its time being over"),
}
