"""Words about citizens' reports."""

from web.messages.verbs import Verb

MESSAGES = {
    "report.consent": "Tick the box, or leave the e-mail address empty.",
    "report.less": "Choose something that shows less than the exact place.",
    "report.level": "Choose how precisely it may be shown.",
    "report.many_words": "Many spaces were hidden in the last hour, so this one waits for the city. Please call or write.",
    "report.not_owners": "{ref} is no word of an owner, so there is nothing to write down.",
    "report.size": "Write the size as a number of square metres, like 94.",
    "report.wish": "Choose what you would like.",
    "report.invalid": "Some things do not fit yet.",
    "report.kind": "Choose what you want to tell us.",
    "report.move_needs": "To do this with {ref}, one more thing is needed: {needs}.",
    "report.not_found": "There is no report {ref} in this register.",
    "report.once_more": "That was very quick. Please press the button once more.",
    "report.space_kind": "Choose a building, a unit or a plot.",
    "report.too_long": "This is longer than {most} characters. Please shorten it.",
    "report.too_often": "That was often in a short time. Wait ten minutes and press the button again. Your words stay here.",
    "report.what": "Tell us what is wrong.",
    "report.where": "Put the pin on the place, or write the address.",
    "report.which_space": "Write the reference of the space, like SP-0117.",
    "report.wrong_state": "{ref} is {status} already.",
}

VERBS = {
    # Moves of the lifecycle.
    "join": Verb(did="joined it to a space", button="Join to it", done="Joined to %(ref)s."),
    "make": Verb(
        did="made a space of it",
        button="Make a space of it",
        done="Now it is a space, reported. Verify it when you have looked.",
    ),
    "heed": Verb(
        did="wrote the owner’s word down",
        button="It is the owner: do as they say",
        done="Written down. It is shown as the owner said.",
    ),
    "answer": Verb(did="answered it", button="Answer, and leave it at that", done="Answered."),
    "reopen": Verb(did="opened it again", button="Open it again", done="It waits again."),
    # What else is written into a history.
    "send": Verb(did="sent it"),
    "confirm": Verb(did="confirmed the e-mail address"),
    "forget": Verb(did="removed the sender’s e-mail address, as its time was over"),
}
