"""Words about mandates: a mediator's leave to find users for spaces of others."""

from web.messages.verbs import Verb

MESSAGES = {
    "mandate.allows_nothing": "Say what the mediator may do.",
    "mandate.changed_since": "Somebody changed {ref} since you opened it. Look at what is there now and send yours again.",
    "mandate.ended": "{ref} was taken back. Give a new one.",
    "mandate.ends_before_start": "The last day is before the first.",
    "mandate.invalid": "Some things do not fit yet.",
    "mandate.no_mediator": "{ref} is no mediator. Change what it is first.",
    "mandate.no_space": "Name a space at least.",
    "mandate.not_found": "There is no mandate {ref} in this register.",
    "mandate.too_many_spaces": "A mandate is over {most} spaces at most. Give another one for the rest.",
}

VERBS = {
    "give": Verb(did="gave a mandate"),
    "edit": Verb(did="changed the mandate"),
    "end": Verb(did="took the mandate back"),
}
