"""Units in the headings of columns: ``Oppervlakte (in ha)``, ``site_area_acres``, ``Miete €/m²``."""

from __future__ import annotations

import re

from tempuse.io.values import money
from tempuse.io.values.measures import kind_of_unit
from tempuse.io.values.words import factors, phrase, table, taken, tokens

_LONGEST = 200  # letters of a column's name that may mean something
_BRACKET = re.compile(r"(.*?)\s*[(\[]\s*([^()\[\]]{1,40})\s*[)\]]\s*", re.DOTALL)
_CUT = re.compile(r"[\s_]++|(?<=[^\W\d_])[/,:-](?=\S)|, ?")
_LONGEST_UNIT = 5  # words
# Behind a name without brackets these are words of the language, or its own letter, sooner than a unit.
_NEVER_BARE = frozenset({"a", "are", "area", "areas", "ac", "p", "pers", "e", "d", "w", "y", "v", "g", "j", "t", "c"})


def readings(name: str) -> list[tuple[str, str]]:
    """How a heading may be meant: its name, and the unit that it names, empty where it names none.

    The whole heading comes first; a bracket that is no remark counts as a unit, known or not.
    """
    if len(name) > _LONGEST:
        return [(name, "")]
    if bracket := _BRACKET.fullmatch(name):
        unit = _of_bracket(bracket[2])
        (bare, own), *shorter = readings(bracket[1])
        return [(name, _both(unit, own)), (bare, _both(unit, own)), *((less, _both(unit, own)) for less, _ in shorter)]
    found = [(name, "")]
    cuts = list(_CUT.finditer(name))[-_LONGEST_UNIT:]
    for cut in cuts:
        unit = _without_in(name[cut.end() :])
        if cut.start() and phrase(unit) not in _NEVER_BARE and is_unit(unit):
            if len(found) == 1:
                found = [(name, unit)]
            bare = name[: cut.start()].rstrip(" _,:/-")
            found.append((bare, unit))
            if (less := _without_remarks(bare)) not in ("", bare):
                found.append((less, unit))
            break
    return found


def unit_for(target: str, unit: str) -> str:
    """The unit of a heading where it is one of this field, or nobody knows it; empty where it means something else."""
    kind = kind_of_unit(target)
    if not unit or not kind:
        return ""
    fits = money.is_unit(unit) if kind == "currency" else phrase(unit) in factors(kind)
    return unit if fits or not is_unit(unit) else ""


def is_unit(text: str) -> bool:
    """Whether a text is a unit of any kind."""
    told = phrase(text)
    kinds = ("area", "length", "term", "persons", "noise", "load")
    return bool(told) and (any(told in factors(kind) for kind in kinds) or money.is_unit(text))


def _without_in(text: str) -> str:
    """``in ha`` as ``ha``."""
    first, _, rest = text.strip().partition(" ")
    return rest.strip() if rest and phrase(first) in table("in") else text.strip()


def _both(unit: str, own: str) -> str:
    """The unit of a bracket and that of the name before it: € and per month."""
    return f"{unit} {own}" if unit and own and money.is_unit(f"{unit} {own}") else unit or own


def _of_bracket(inner: str) -> str:
    """The unit that a bracket names, known or not; empty where it says something else: gross, about, a sentence."""
    unit = _without_in(inner)
    words = [told for _, told in tokens(unit)]
    less = [word for word in words if word != "," and taken([word], "remark", "about") is None]
    if is_unit(unit) or (less and is_unit(" ".join(less))):
        return unit if is_unit(unit) else " ".join(less)
    is_name = 0 < len(words) <= 2 and all(word.isalpha() for word in words)
    return unit if is_name and taken(words, "remark", "about", "built", "year") is None else ""


def _without_remarks(bare: str) -> str:
    """A heading without words like *about* and *gross* at its end."""
    words = bare.split()
    while words and taken([told for _, told in tokens(words[-1])], "remark", "about") is not None:
        words.pop()
    return " ".join(words)
