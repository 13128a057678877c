"""The words of the house: every message has words, every language has them all, code speaks the field's terms."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tempuse import vocabulary
from tempuse.vocabulary import Term
from web import catalogue
from web.messages import MESSAGES

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*(ROOT / "tempuse").rglob("*.py"), *(ROOT / "web").rglob("*.py")])
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.*"))
_MESSAGE = re.compile(r"[a-z]+\.[a-z_0-9]+")

# Words that the field's terms replace (architecture, Names): never in a name of ours.
FORBIDDEN = {"property", "properties", "asset", "assets", "lot", "lots", "realty", "premises", "listing_id"}
# What others named, or what the word means there: GeoJSON's member, Python's decorator, static files.
ALLOWED = {"properties", "asset", "assets"}


@cache
def texts(path: Path) -> frozenset[str]:
    """Every constant text of a module, f-strings by their fixed parts."""
    tree = ast.parse(path.read_text())
    return frozenset(
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


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
    # A lifecycle makes its messages of its noun: f"{noun}.wrong_state".
    made = {f"{noun}{text}" for noun in ("space", "report", "permit") for text in said if text.startswith(".")}
    assert sorted(set(MESSAGES) - said - made) == []


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_a_message_can_be_filled(message: str) -> None:
    names = re.findall(r"\{(\w+)\}", MESSAGES[message])
    filled = MESSAGES[message].format(**dict.fromkeys(names, "x"))
    assert filled.strip()
    assert filled[-1] in ".?”:)}" or "://" in filled or not names, "a sentence ends"


def test_every_value_of_a_list_has_its_word_and_definition() -> None:
    for name in dir(vocabulary):
        kind = getattr(vocabulary, name)
        if isinstance(kind, type) and issubclass(kind, Term) and kind is not Term:
            assert len({term.label for term in kind}) == len(kind), f"{name}: two values with one word"
            for term in kind:
                assert term.label, term
                assert term.definition or name == "CostPeriod", term


@pytest.mark.parametrize("language", catalogue.languages() or ["nl"])
def test_a_language_has_all_words_and_no_others(language: str) -> None:
    wanted, held = catalogue.collect(), catalogue.read(language)
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
    straight = [
        str(message.id) for message in catalogue.collect() if message.id and re.search(r"\w'\w", str(message.id))
    ]
    assert straight == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_are_the_fields_terms(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = [node.name]
        elif isinstance(node, ast.arg):
            names = [node.arg]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names = [node.id]
        for name in names:
            words = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))
            assert not (words & FORBIDDEN) - ALLOWED, f"{name} in {path.name}"


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.is_relative_to(ROOT / "tempuse")], ids=lambda path: path.name
)
def test_below_the_top_floor_nobody_writes_sentences(path: Path) -> None:
    """An error carries a message id: its first argument is a constant like ``space.not_found``."""
    if "cli" in path.parts:
        return
    kinds = {"TempuseError", "NotFound", "NotAllowed", "WrongState", "Conflict", "Invalid", "Unusable"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and getattr(node.exc.func, "id", "") in kinds:
            first = node.exc.args[0] if node.exc.args else None
            if isinstance(first, ast.Constant):
                assert _MESSAGE.fullmatch(str(first.value)), f"{path.name}:{node.lineno}"
