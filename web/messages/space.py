"""Words about spaces."""

from web.messages.verbs import Verb

MESSAGES = {
    "space.changed_since": "Somebody else changed {ref} while you were writing. Nothing was overwritten.",
    "space.end_before_start": "The end is before the start. Choose a later end date.",
    "space.invalid": "Some things do not fit yet.",
    "space.longest_below_shortest": "The longest term is shorter than the shortest. Make it longer.",
    "space.move_needs": "To do this with {ref}, one more thing is needed: {needs}.",
    "space.not_found": "There is no space {ref} in this register.",
    "space.unnamed": "Write a name or an address, or put it on the map, so that we can tell it from others.",
    "space.use_wanted_and_not": "A use is suitable and unwanted at once. Take it off one of the two lists.",
    "space.within_itself": "A space cannot lie within itself.",
    "space.wrong_state": "{ref} is {status}; it cannot be moved like this ({move}).",
    "space.has_permits": "{refs} holds {ref}, or still has its keys. End that first.",
    "space.moves_under_permits": "{refs} holds {ref}. While it does, the space stays within its building.",
    "space.within_circle": "It would lie within itself: what you chose lies within {ref}.",
    "space.shorter_than_permits": "{refs} has {ref} on days when it would not be there. End that first, or choose another day.",
}

VERBS = {
    # Moves of the lifecycle.
    "verify": Verb(
        did="verified it",
        button="Verify",
        button_n=("Verify %(n)s space", "Verify %(n)s spaces"),
        done="Verified.",
        done_n=("%(n)s space: verified.", "%(n)s spaces: verified."),
        help="Say that the office looked and the facts stand.",
    ),
    "doubt": Verb(
        did="took the verification back",
        button="Take the verification back",
        button_n=("Doubt %(n)s space", "Doubt %(n)s spaces"),
        done="No longer verified.",
        done_n=("%(n)s space: no longer verified.", "%(n)s spaces: no longer verified."),
        help="Take a verification back.",
    ),
    "offer": Verb(
        did="offered it",
        button="Offer",
        button_n=("Offer %(n)s space", "Offer %(n)s spaces"),
        done="Offered.",
        done_n=("%(n)s space: offered.", "%(n)s spaces: offered."),
        help="Offer spaces to groups.",
    ),
    "close": Verb(
        did="took the offer back",
        button="Take the offer back",
        button_n=("Take back %(n)s offer", "Take back %(n)s offers"),
        done="No longer offered.",
        done_n=("%(n)s space: no longer offered.", "%(n)s spaces: no longer offered."),
        help="Stop offering spaces.",
    ),
    "withhold": Verb(
        did="withheld it",
        button="Withhold",
        button_n=("Withhold %(n)s space", "Withhold %(n)s spaces"),
        done="Withheld.",
        done_n=("%(n)s space: withheld.", "%(n)s spaces: withheld."),
        help="Show spaces to nobody but the office.",
    ),
    "release": Verb(
        did="released it",
        button="Release",
        button_n=("Release %(n)s space", "Release %(n)s spaces"),
        done="Released.",
        done_n=("%(n)s space: released.", "%(n)s spaces: released."),
        help="Stop withholding spaces.",
    ),
    "retire": Verb(
        did="retired it",
        button="Retire",
        button_n=("Retire %(n)s space", "Retire %(n)s spaces"),
        done="Retired.",
        done_n=("%(n)s space: retired.", "%(n)s spaces: retired."),
        help="End spaces that are no longer vacant; they stay in the register.",
    ),
    "reinstate": Verb(
        did="brought it back into the register",
        button="Bring back",
        button_n=("Bring back %(n)s space", "Bring back %(n)s spaces"),
        done="Back in the register.",
        done_n=("%(n)s space: back in the register.", "%(n)s spaces: back in the register."),
        help="Bring retired spaces back.",
    ),
    # What else is written into a history.
    "add": Verb(did="added it"),
    "edit": Verb(did="changed it"),
    "import": Verb(did="brought it in with a file"),
    "limit": Verb(did="speaks for its owner, so less of it is seen until the office has looked"),
    "unlimit": Verb(did="looked at the word that somebody gave for its owner, so it is shown as agreed"),
    "erase": Verb(did="erased what the history told of persons"),
    "close_days": Verb(did="closed it for some days"),
    "open_days": Verb(did="gave closed days free"),
}
