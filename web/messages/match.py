"""Words about matching."""

from web.messages.verbs import Verb

MESSAGES = {
    "match.asks_nothing": "This asks nothing of a space. A question is like use=workshop&m2=60-120.",
    "match.not_askable": "There is no space {ref} that can be asked for just now.",
    "match.not_found": "There is no match {ref} in this register.",
    "match.part_twice": "{field} is asked twice, and not the same.",
    "match.part_unclear": "“{value}” makes no sense for {field}.",
    "match.part_unknown": "No question has a part {field}.",
    "match.unclear": "Nothing was looked for: not all of the question is understood.",
}

VERBS = {
    "keep": Verb(did="kept how well it fits"),
}
