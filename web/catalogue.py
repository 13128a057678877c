"""The words of the whole house, for translators: ``python -m web.catalogue`` brings every ``.po`` up to date.

With them goes the crosswalk that is made of them (``own_words``).

Beside what gettext marks in code and templates, these tables are shown to people: the messages of errors and
issues, the verbs, what moves need, the vocabulary, the nouns' fields, and the import's counts.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tempuse import __version__, questions, vocabulary
from tempuse.fields import fields_of
from tempuse.io.write.columns import PUBLIC_COLUMNS, space_columns
from tempuse.lifecycle import LIFECYCLES
from tempuse.store.tables import DECLARED
from tempuse.vocabulary import Audience
from web import own_words
from web.messages import MESSAGES, VERBS
from web.presenters import import_report

ROOT = Path(__file__).resolve().parent
FOLDER = ROOT / "translations"
_METHODS = [("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2"), ("**.py", "python")]
_TEMPLATES = {"silent": "false", "extensions": "jinja2.ext.do"}
_OPTIONS = {"**/templates/**.html": _TEMPLATES, "**/templates/**.txt": _TEMPLATES}
# What Babel writes into the head anew at every run: whoever changes words elsewhere would change these lines, too.
_OF_THE_DAY = (b'"POT-Creation-Date:', b'"PO-Revision-Date:', b'"Generated-By:')
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2), "N_": None}


def _of_moves() -> Iterator[tuple[str | tuple[str, str], str]]:
    for noun, verbs in VERBS.items():
        for what, verb in verbs.items():
            for said in (verb.did, verb.button, verb.button_n, verb.done, verb.done_n):
                if said:
                    yield said, f"verb:{noun}.{what}"
    for lifecycle in LIFECYCLES:
        for move in lifecycle.moves.values():
            for need in move.needs:
                yield getattr(need, "label", need), f"need:{lifecycle.noun}.{need}"


def _tables() -> Iterator[tuple[str | tuple[str, str], str]]:
    for message, words in MESSAGES.items():
        yield words, f"message:{message}"
    for kind in vocabulary.lists():
        for term in kind:
            yield term.label, f"vocabulary:{kind.__name__}.{term.name}"
            if term.definition:
                yield term.definition, f"vocabulary:{kind.__name__}.{term.name}"
    yield from _of_moves()
    for part in questions.PARTS.values():
        yield part.called.label, f"part:{part.name}"
    for noun in DECLARED:
        for field, about in fields_of(noun).items():
            if about["word"]:
                yield about["word"], f"field:{noun.__name__}.{field}"
    for column in (*space_columns(Audience.OFFICE), *chain(*PUBLIC_COLUMNS.values())):
        for words in filter(None, (column.word, column.told)):
            yield words, f"column:{column.name}"
    for _, words in (*import_report.COUNTED, *import_report.COUNTED_USES, *import_report.COUNTED_NEEDS):
        yield words, "import_words"
    for words in import_report.HEAD:
        yield words, "import_words"


def collect() -> Catalog:
    """Every sentence and word that a person may see, in English."""
    catalog = Catalog(project="tempuse", charset="utf-8")
    found = extract_from_dir(str(ROOT), _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",))
    for path, line, message, comments, _ in found:
        catalog.add(message, locations=[(path, line)], auto_comments=comments)
    for words, place in _tables():
        catalog.add(words, locations=[(place, 0)])
    return catalog


def languages() -> list[str]:
    """The languages that there are translations into."""
    return sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))


def read(language: str) -> Catalog:
    """The translations into a language."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def spoken() -> dict[str, Callable[[str], str]]:
    """Each language by its code, English first, with what translates a sentence into it."""

    def into(held: Catalog) -> Callable[[str], str]:
        return lambda text: str((found.string if (found := held.get(text)) else "") or text)

    return {"en": str, **{language: into(read(language)) for language in languages()}}


def update(language: str) -> None:
    """Bring a language's file up to date: new words empty, gone words out, nothing guessed."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    known = read(language) if path.exists() else Catalog(locale=language)
    known.update(collect(), no_fuzzy_matching=True)
    known.obsolete.clear()
    spoken = Locale.parse(language).english_name
    known.fuzzy, known.header_comment = False, f"# The words of tempuse: {spoken}. EUPL-1.2."
    known.project, known.version, known.msgid_bugs_address = "tempuse", __version__, ""
    known.last_translator, known.language_team = "the people who keep tempuse", str(known.locale)
    written = io.BytesIO()
    write_po(written, known, omit_header=False, sort_output=True, include_lineno=False, width=110)
    lines = written.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(_OF_THE_DAY)))


if __name__ == "__main__":
    for each in languages() or ["nl"]:
        update(each)
    own_words.update(spoken())
