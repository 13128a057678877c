"""What is done to things, in the reader's language: on buttons, when it is done, in a history.

A move that nobody wrote words for (a test keeps that from happening) is said by its own name: no page dies of it.
"""

from __future__ import annotations

from flask_babel import gettext, ngettext

from tempuse.lifecycle import Lifecycle
from web import words
from web.messages import VERBS
from web.messages.verbs import Verb


def verb(noun: str, what: str) -> Verb:
    """The words of a thing that is done to a noun."""
    plain = what.replace("_", " ").capitalize()
    return VERBS.get(noun, {}).get(what) or Verb(did=f"{plain}: it", button=plain, done=f"{plain}.", help=f"{plain}.")


def button(noun: str, what: str) -> str:
    """What one presses to do it: Offer."""
    return gettext(verb(noun, what).button)


def buttons(lifecycle: Lifecycle) -> list[tuple[str, str]]:
    """Every move of a noun with what one presses for it."""
    return [(move, button(lifecycle.noun, move)) for move in lifecycle.moves]


def button_for(noun: str, what: str, count: int) -> str:
    """What one presses to do it to several: Offer 12 spaces."""
    pair, number = verb(noun, what).button_n, words.figure(count)
    return ngettext(*pair, count, n=number) if pair else f"{button(noun, what)} ({number})"


def done(noun: str, what: str, count: int = 1, **values: str | None) -> str:
    """What is said when it is done: Offered. Or: 12 spaces: offered."""
    each, number = verb(noun, what), words.figure(count)
    if count == 1:
        return gettext(each.done, **values)
    return ngettext(*each.done_n, count, n=number) if each.done_n else f"{number}: {gettext(each.done, **values)}"


def did(noun: str, what: str) -> str:
    """The end of a sentence that begins with who did it: offered it."""
    return gettext(verb(noun, what).did)
