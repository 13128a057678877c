"""Words about letters to owners: who cannot be asked and why, what is done with a letter."""

from web.messages.verbs import Verb

MESSAGES = {
    "owner_letter.answered": "{ref} was answered. Look at what the owner said.",
    "owner_letter.changed_meanwhile": "Somebody changed one of the spaces or its owner meanwhile. Nothing was sent. Look again.",
    "owner_letter.changed_since": "Somebody changed {ref} since you opened it. Look at what is there now and send yours again.",
    "owner_letter.invalid": "Some things do not fit yet.",
    "owner_letter.no_contact": "The owner does not want to be contacted.",
    "owner_letter.no_level": "Choose how {ref} may be shown, or that it may not.",
    "owner_letter.not_found": "There is no letter {ref} in this register.",
    "owner_letter.not_theirs": "Who is noted as the owner says that it is not theirs.",
    "owner_letter.nothing_left": "None of the spaces of {ref} is this owner’s to be asked about any more.",
    "owner_letter.nothing_to_print": "There is no letter to print: they were answered, or are not to be posted.",
    "owner_letter.unknown": "Nobody wrote down who the owner is.",
    "owner_letter.wrong_address": "The owner’s e-mail address cannot be right, and no name is written down.",
}

VERBS = {
    "ask": Verb(did="asked the owner"),
    "ask_again": Verb(did="asked the owner again", button="Send it again", done="On its way again."),
    "tell": Verb(did="sent the letter out", button="It was posted", done="Written down."),
    "answer": Verb(did="answered"),
}
