"""What the words of a verb are: one row for each thing that is done to a noun, read wherever it is named."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A thing that is done to a noun, in English words; ``web.verbs`` says them in the reader's language.

    Attributes:
        did: the end of a sentence that begins with a name: she *offered it*.
        button: what one presses: *Offer*.
        button_n: the same for one and for ``%(n)s`` things: *Offer 12 spaces*.
        done: said when it is done, a sentence: *Offered.*
        done_n: the same for one and for ``%(n)s`` things: *12 spaces: offered.*
        help: what the command of the terminal does, a sentence, always in English.
    """

    did: str
    button: str = ""
    button_n: tuple[str, str] | None = None
    done: str = ""
    done_n: tuple[str, str] | None = None
    help: str = ""
