"""Words about what groups look for."""

from web.messages.verbs import Verb

MESSAGES = {
    "need.as_draft": "It came in as a draft. Choose a use, and open it.",
    "need.changed_since": "Somebody changed {ref} since you opened it. Look at what is there now and send yours again.",
    "need.day_over": "{day} is over.",
    "need.day_taken": "It was taken as {day}.",
    "need.end_it": "{ref} is still open here. Look whether it is to be ended.",
    "need.from_today": "The group is taken to look from today on.",
    "need.invalid": "Some things do not fit yet.",
    "need.kept_in_words": "Nothing is asked for it; the words are kept beside it.",
    "need.list_says_over": "The list says that it is over.",
    "need.months_taken": "It was taken as {count} months.",
    "need.move_needs": "To do this with {ref}, one more thing is needed: {needs}.",
    "need.no_address": "The list has no e-mail address.",
    "need.no_district": "No district is called so.",
    "need.no_group": "The row names neither a group nor a person.",
    "need.no_group_column": "No column says which group it is. These are there: {columns}.",
    "need.no_use": "We do not know which use this is.",
    "need.no_use_column": "No column says what for. These are there: {columns}.",
    "need.not_found": "There is no {ref} among what groups look for.",
    "need.not_open": "Nobody looks for {ref} any more.",
    "need.office_asks": "Letters about it go to the office.",
    "need.other_address": "The list names another e-mail address than the one that is known here.",
    "need.ours_kept": "Ours was kept.",
    "need.part_unclear": "We do not understand “{value}”.",
    "need.too_many": "This list has more than {most} rows. Bring it in in parts.",
    "need.until_alone": "The list says until when, and not from when.",
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
    "import": Verb(did="brought it in with a list"),
    "contact_gone": Verb(did="took off a contact who was forgotten"),
    "purge": Verb(did="took the personal data out, its time being over"),
}
