"""The words of the house: every message has words, every language has them all, code speaks the field's terms."""

from __future__ import annotations

import ast
import pkgutil
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

import tempuse
from tempuse import settings, store, vocabulary
from tempuse.errors import Invalid, TempuseError
from tempuse.lifecycle import Lifecycle
from tempuse.people import Person, check_person
from tempuse.reports import Report, check_report
from tempuse.spaces import FIELDS, MEANING, SPACE_LIFECYCLE, Space, check_space
from tempuse.store.records import Records
from tempuse.store.tables import NOUNS
from tempuse.vocabulary import Named, ReportKind, SpaceStatus
from tests import kept
from tests.test_shape import nodes_of
from web import catalogue, messages, spoken, verbs, words
from web.messages import MESSAGES, VERBS

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*(ROOT / "tempuse").rglob("*.py"), *(ROOT / "web").rglob("*.py")])
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.*"))
_MESSAGE = re.compile(r"[a-z_]+\.[a-z_0-9]+")

# Words that the field's terms replace (architecture, Names): never in a name of ours.
FORBIDDEN = {"property", "properties", "asset", "assets", "lot", "lots", "realty", "premises", "listing_id"}
# What others named, or what the word means there: GeoJSON's member, Python's decorator, static files.
ALLOWED = {"properties", "asset", "assets"}


@cache
def texts(path: Path) -> frozenset[str]:
    """Every constant text of a module, f-strings by their fixed parts."""
    return frozenset(
        node.value for node in nodes_of(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def collected() -> Catalog:
    return catalogue.collect()


def nouns() -> set[str]:
    return {message.partition(".")[0] for message in MESSAGES}


def test_every_message_raised_below_has_words() -> None:
    missing = {}
    for path in SOURCES:
        if path.is_relative_to(ROOT / "tempuse") and not path.is_relative_to(ROOT / "tempuse" / "cli"):
            for text in texts(path):
                if _MESSAGE.fullmatch(text) and text.partition(".")[0] in nouns() and text not in MESSAGES:
                    missing[text] = path.name
    assert not {
        text: where
        for text, where in missing.items()
        if not text.endswith((".py", ".gpkg", ".csv", ".json", ".sqlite", ".zip", ".id"))
    }


def test_no_words_are_left_over() -> None:
    said = {text for path in SOURCES if "messages" not in path.parts for text in texts(path)}
    # A lifecycle and the records make their messages of their noun: f"{noun}.wrong_state", f"{noun}.not_found".
    modules = [import_module(f"tempuse.store.{each.name}") for each in pkgutil.iter_modules(store.__path__)]
    held = [value for module in modules for value in vars(module).values() if isinstance(value, Records)]
    called = {*NOUNS, *(each.called for each in held)}
    made = {f"{noun}{text}" for noun in called for text in said if text.startswith(".")}
    assert sorted(set(MESSAGES) - said - made) == []


def message_modules() -> dict[str, ModuleType]:
    return {each.name: import_module(f"web.messages.{each.name}") for each in pkgutil.iter_modules(messages.__path__)}


def test_the_words_about_a_noun_stand_in_the_file_of_its_name_and_once() -> None:
    wrong, told = [], 0
    for name, module in message_modules().items():
        table = getattr(module, "MESSAGES", {})
        told += len(table)
        wrong += [f"{message} in {name}.py" for message in table if message.partition(".")[0] != name]
        # A dict keeps the last of two rows with one key, and says nothing.
        keys = [
            key.value
            for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text()))
            if isinstance(node, ast.Dict)
            for key in node.keys
            if isinstance(key, ast.Constant)
        ]
        wrong += [f"{key} twice in {name}.py" for key in set(keys) if keys.count(key) > 1]
    assert wrong == []
    assert told == len(MESSAGES)


def lifecycles() -> list[Lifecycle]:
    """Every lifecycle that a module of the product declares and people hear of."""
    found = {}
    for each in pkgutil.walk_packages(tempuse.__path__, "tempuse."):
        if not each.name.endswith("__main__"):
            found |= {
                id(value): value for value in vars(import_module(each.name)).values() if isinstance(value, Lifecycle)
            }
    return [each for each in found.values() if not each.is_silent]


def test_each_move_that_somebody_may_make_has_its_words() -> None:
    """On its button, when it is done, in the history; for a space also for many at once and in the terminal."""
    lacking = []
    for lifecycle in lifecycles():
        for move in (name for name, step in lifecycle.moves.items() if step.permission):
            verb = VERBS.get(lifecycle.noun, {}).get(move)
            wanted = ["did", "button", "done"] + (["button_n", "done_n", "help"] if lifecycle.noun == "space" else [])
            lacking += [f"{lifecycle.noun}.{move}: {name}" for name in wanted if not getattr(verb, name, None)]
    assert {each.noun for each in lifecycles()} >= {"space", "report"}
    assert lacking == []


def written_events() -> set[tuple[str, str]]:
    """What the code writes into histories, where noun and deed stand as they are: (noun, deed)."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("add_event"):
                given = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if len(given) >= 2:
                    found.add((given[0], given[-1]))
    return found


def kept_events(folder: Path) -> set[tuple[str, str]]:
    """What was done to the things of the kept register, which has one of everything: (noun, deed)."""
    with zipfile.ZipFile(kept.archive_of(kept.EARLIER[-1])) as archive:
        path = archive.extract("register.gpkg", folder)
    with closing(sqlite3.connect(path)) as con:
        return set(con.execute("SELECT DISTINCT noun, what FROM events"))


def test_each_deed_that_is_written_into_a_history_has_its_words(tmp_path: Path) -> None:
    wanted = written_events() | kept_events(tmp_path)
    assert {noun for noun, _ in wanted} >= {"space", "report", "area", "person", "register", "settings", "import"}
    assert sorted((noun, what) for noun, what in wanted if what not in VERBS.get(noun, {})) == []


def test_no_verb_is_left_over() -> None:
    moves = {(each.noun, move) for each in lifecycles() for move in each.moves}
    below = {text for path in SOURCES if path.is_relative_to(ROOT / "tempuse") for text in texts(path)}
    told = {(noun, what) for noun, table in VERBS.items() for what in table}
    assert sorted((noun, what) for noun, what in told - moves if what not in below) == []


def test_a_move_without_words_is_said_by_its_own_name() -> None:
    assert verbs.verb("space", "set_aside").button == "Set aside"
    assert verbs.verb("permit", "grant").done == "Grant."


CODES = {code for kind in vocabulary.lists() for code in kind}


def in_dutch(error: TempuseError) -> list[str]:
    """Everything that an error says, as the page and the terminal word it, in Dutch."""
    each = [(issue.message, {"value": issue.value, **issue.values}) for issue in getattr(error, "issues", [])]
    each += [(issue.done, issue.values) for issue in getattr(error, "issues", []) if issue.done]
    return [spoken.in_language(message, values, "nl") for message, values in [(error.message, error.values), *each]]


def refusals() -> Iterator[TempuseError]:
    """Every move of every lifecycle from each status that it does not leave from, and without what it needs."""
    for lifecycle in lifecycles():
        for name, move in lifecycle.moves.items():
            for status in lifecycle.statuses:
                try:
                    lifecycle.check(name, "XX-0001", str(status))
                except TempuseError as error:
                    yield error
            assert not move.needs or any(isinstance(each, Named) for each in move.needs), "a need bears its word"


def misfits() -> Iterator[TempuseError]:
    """Every field of a space, a report, a person and the settings with a value that does not fit."""
    odd = {"number": -1.0, "whole": -1, "list": ("no such",), "choice": "no such"}
    for name, about in FIELDS.items():
        if about["kind"] in odd and ("of" in about or "least" in about):
            yield Invalid("space.invalid", check_space(Space(**{name: odd[about["kind"]]}), (name,)), ref="SP-0001")
    backwards = {"available_from": date(2027, 3, 1), "available_until": date(2027, 2, 1)}
    yield Invalid("space.invalid", check_space(Space(**backwards, shortest_term_days=9, longest_term_days=2)))
    yield Invalid("report.invalid", check_report(Report(kind="no such", space_kind="no such", contact="no such")))
    yield Invalid("report.invalid", check_report(Report(kind=ReportKind.WRONG, address="x" * 500)))
    yield Invalid("person.invalid", check_person(Person(name="", email="no such")))
    for name in set(settings.NAMES) - set(settings.CHOICES):  # choices are told as the terminal takes them
        for text in ("no such", "99999", "x" * 600, "#ffcc00"):
            try:
                settings.parse(name, text)
            except TempuseError as error:
                yield error


def test_what_does_not_fit_is_told_in_the_readers_words() -> None:
    found = {said for error in misfits() for said in in_dutch(error)}
    assert len(found) > 20
    assert [said for said in found if set(re.findall(r"[a-z_]+", said)) & CODES - _ALSO_DUTCH] == []


def test_a_refused_move_is_told_in_the_readers_words() -> None:
    """No code of ours stands in the sentence: neither the status, nor the move, nor what it needs."""
    found = [said for error in refusals() for said in in_dutch(error)]
    own = CODES | {name for each in lifecycles() for name in each.moves}
    own |= {need for each in lifecycles() for move in each.moves.values() for need in move.needs}
    assert "SP-0001 is achtergehouden; deze stap kan dan niet (aanbieden)." in [
        said.replace("XX", "SP") for said in found
    ]
    assert [said for said in found if set(re.findall(r"[a-z_]+", said)) & own - _ALSO_DUTCH] == []


# Codes that are Dutch words, too.
_ALSO_DUTCH = {
    "met",
    "sport",
    "partners",
    "water",
    "studio",
    "shop",
    "internet",
    "no",
}  # the samples say "no such"


def test_a_value_that_an_import_took_is_told_in_the_readers_words() -> None:
    """For every list of a space's fields, and as the report keeps it: as plain text."""
    for field, about in FIELDS.items():
        for term in about.get("of") or ():
            wanted = words.lower_first(spoken.catalogue("nl").gettext(term.label))
            for given in (term, term.value, [term.value]):
                for message, name in (("value.taken", "taken"), ("row.ours_kept", "ours")):
                    said = spoken.in_language(message, {"field": field, name: given}, "nl")
                    assert said.endswith(f" {wanted}."), (field, term)


def test_what_each_status_of_a_space_means_is_written_down() -> None:
    assert set(MEANING) == set(SpaceStatus)
    for status, meaning in MEANING.items():
        assert meaning.next == "" or meaning.next in {move.name for move in SPACE_LIFECYCLE.open_to(status)}
        assert meaning.known or not meaning.may_be_seen, "nobody sees what the office has not looked at"


def test_every_message_can_be_filled_and_ends_as_a_sentence_does() -> None:
    wrong = []
    for message, text in sorted(MESSAGES.items()):
        names = re.findall(r"\{(\w+)\}", text)
        try:
            filled = text.format(**dict.fromkeys(names, "x"))
        except (ValueError, LookupError, AttributeError) as error:
            wrong.append(f"{message}: {error}")
            continue
        if not filled.strip() or not (filled[-1] in ".?”:)}" or "://" in filled or not names):
            wrong.append(f"{message}: {filled}")
    assert wrong == []


def test_every_value_of_a_list_has_its_word_and_definition() -> None:
    assert {vocabulary.SpaceKind, vocabulary.Facility} <= set(vocabulary.lists())
    for kind in vocabulary.lists():
        assert len({term.label for term in kind}) == len(kind), f"{kind.__name__}: two values with one word"
        for term in kind:
            assert term.label, term
            assert term.definition or kind.__name__ == "CostPeriod", term


@pytest.mark.parametrize("language", catalogue.languages() or ["nl"])
def test_a_language_has_all_words_and_no_others(language: str) -> None:
    wanted, held = collected(), catalogue.read(language)
    missing = [message.id for message in wanted if message.id and not _translated(held.get(message.id))]
    assert missing == []
    assert [message.id for message in held if message.id and wanted.get(message.id) is None] == []


def _translated(message: object) -> bool:
    string = getattr(message, "string", "")
    return (
        bool(message)
        and not getattr(message, "fuzzy", True)
        and (all(string) if isinstance(string, tuple) else bool(string))
    )


@pytest.mark.parametrize("language", catalogue.languages() or ["nl"])
def test_translations_keep_the_places_for_values(language: str) -> None:
    holes = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
    for message in catalogue.read(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for string in strings:
            assert set(holes.findall(string)) <= set(holes.findall(ids[-1])), string
        assert set(holes.findall(strings[-1])) == set(holes.findall(ids[-1])), ids[-1]


def test_no_straight_quotes_in_what_people_read() -> None:
    straight = [str(message.id) for message in collected() if message.id and re.search(r"\w'\w", str(message.id))]
    assert straight == []


def names_of(path: Path) -> Iterator[str]:
    """Every name that a module gives."""
    for node in nodes_of(path):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def words_of(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))


def test_names_are_the_fields_terms() -> None:
    others = [
        f"{name} in {path.relative_to(ROOT)}"
        for path in SOURCES
        for name in names_of(path)
        if (words_of(name) & FORBIDDEN) - ALLOWED
    ]
    assert others == []


def test_below_the_top_floor_nobody_writes_sentences() -> None:
    """An error carries a message id: its first argument is a constant like ``space.not_found``."""
    kinds = {"TempuseError", "NotFound", "NotAllowed", "WrongState", "Conflict", "Invalid", "Unusable"}
    sentences = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if path.is_relative_to(ROOT / "tempuse") and "cli" not in path.parts
        for node in nodes_of(path)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and getattr(node.exc.func, "id", "") in kinds
        for first in node.exc.args[:1]
        if isinstance(first, ast.Constant) and not _MESSAGE.fullmatch(str(first.value))
    ]
    assert sentences == []
