"""The shape of the house: floors, homes of libraries, sizes, no circles, no hidden imports."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*(ROOT / "tempuse").rglob("*.py"), *(ROOT / "web").rglob("*.py")])
TESTS = ROOT / "tests"
CEILING, CEILING_OF_TESTS = 300, 400
LONG = {
    "registry/test_imports.py": 680,
    "web/test_auth.py": 440,
    "web/test_downloads.py": 420,
    "web/test_office_import.py": 690,
    "web/test_office_spaces.py": 818,
    "web/test_reports.py": 460,
}

# From the ground up; a module imports only from lower floors or its own folder.
FLOORS: dict[str, int] = {
    "tempuse": 0,  # the package itself: its version, and its face by name, loaded when asked for
    "tempuse.resources": 0, "tempuse.files": 0,
    "tempuse.errors": 0, "tempuse.emails": 0, "tempuse.texts": 0, "tempuse.vocabulary": 0, "tempuse.colour": 0,
    "tempuse.marks": 0,
    "tempuse.outlines": 0, "tempuse.licences": 0, "tempuse.durations": 0, "tempuse.refs": 0, "tempuse.folding": 0,
    "tempuse.fields": 1, "tempuse.geometry": 1, "tempuse.geojson": 1, "tempuse.lifecycle": 1, "tempuse.access": 1,
    "tempuse.terms": 1.2, "tempuse.occurrences": 1.3, "tempuse.permit_kinds": 1.3,
    "tempuse.week": 1.25, "tempuse.wanted": 1.4, "tempuse.questions": 1.45, "tempuse.facts": 1, "tempuse.offers": 1.1,
    "tempuse.districts": 1.46,
    "tempuse.weights": 1.45, "tempuse.settings": 1.5,
    "tempuse.spaces": 2, "tempuse.areas": 2, "tempuse.reports": 2, "tempuse.people": 2,
    "tempuse.letters": 2, "tempuse.jobs": 2, "tempuse.needs": 2, "tempuse.watches": 2,
    "tempuse.standing": 2.2, "tempuse.publication": 2.5, "tempuse.mapindex": 3, "tempuse.matching": 3,
    "tempuse.analysis": 3,
    "tempuse.io": 4, "tempuse.store": 4, "tempuse.papers": 4.5,
    "tempuse.registry": 5, "tempuse.exports": 5,
    "tempuse.demo": 5.5,
    "web": 6, "tempuse.cli": 6.5, "tempuse.notebook": 6.5,
}  # fmt: skip

HOMES: dict[str, tuple[str, ...]] = {
    "sqlalchemy": ("tempuse.store",),
    "fiona": ("tempuse.io",),
    "pyogrio": ("tempuse.io",),
    "openpyxl": ("tempuse.io",),
    "python_calamine": ("tempuse.io",),
    "geopandas": ("tempuse.io", "tempuse.analysis"),
    "pyproj": ("tempuse.geometry",),
    "rapidfuzz": ("tempuse.io", "tempuse.registry"),
    "geopy": ("tempuse.io",),
    "flask": ("web",),
    "babel": ("web", "tempuse.io.places.usual"),
    "flask_babel": ("web",),
    "flask_compress": ("web.site.compression",),
    "flask_security": ("web", "tempuse.store.accounts"),
    "folium": ("web.map.folium_map", "web.map.frame_map"),
    "branca": ("web.map.folium_map",),
    "click": ("tempuse.cli",),
    "rich": ("tempuse.cli",),
    "icalendar": ("web.presenters.calendars",),
    "huey": ("web.tasks", "web.task_file"),
    "filelock": ("tempuse.store.job_files",),
    "email_validator": ("tempuse.emails",),
    "PIL": ("tempuse.io.confined.picture", "tempuse.io.drawn"),
    "pikepdf": ("tempuse.io.confined.paper", "tempuse.io.confined.plan"),
    "segno": ("tempuse.io.codes",),
    "typst": ("tempuse.io.typeset",),
    "uvicorn": ("web.serving",),
    "zxcvbn": ("web.accounts.auth",),
    "limits": ("web.site.limits", "web.site.counters", "web.accounts.guesses"),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


KNOWN = {name_of(module) for module in MODULES}


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


def length_of(path: Path) -> int:
    return len(path.read_text().splitlines())


@cache
def imports_of(path: Path) -> list[tuple[str, ast.stmt]]:
    found: list[tuple[str, ast.stmt]] = []
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found += [(alias.name, node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.append((full if full in KNOWN else node.module, node))
    return found


def ours(path: Path) -> list[str]:
    return [imported for imported, _ in imports_of(path) if imported.startswith(("tempuse", "web"))]


@cache
def floor_of(name: str) -> float | None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        found = FLOORS.get(".".join(parts[:length]))
        if found is not None and (length == len(parts) or length > 1 or parts[0] == "web"):
            return found
    return 2 if is_noun(name) else None


def is_noun(name: str) -> bool:
    """A module beside the floors that declares fields is a noun: those stand together on one floor."""
    path = ROOT / f"{name.replace('.', '/')}.py"
    return name.count(".") == 1 and path.exists() and "tempuse.fields" in {found for found, _ in imports_of(path)}


def room_of(name: str) -> str:
    """The folder or module on the second level: what may import freely within itself."""
    return ".".join(name.split(".")[:2]) if name.startswith("tempuse") else "web"


def test_every_module_stands_on_a_floor_and_imports_downwards() -> None:
    names = {*map(name_of, MODULES), *(imported for path in MODULES for imported in ours(path))}
    assert sorted(name for name in names if floor_of(name) is None) == [], "stand on no floor; add them to FLOORS"
    upwards = [
        f"{name_of(path)} must not import {imported}"
        for path in MODULES
        if name_of(path) != "tempuse"  # the face for notebooks: it only says where its parts are
        for imported in ours(path)
        if room_of(imported) != room_of(name_of(path)) and not floor_of(imported) < floor_of(name_of(path))  # type: ignore[operator]
    ]
    assert upwards == []


def test_no_module_is_longer_than_the_ceiling() -> None:
    assert {name_of(path): length for path in MODULES if (length := length_of(path)) > CEILING} == {}


def test_no_file_of_tests_is_longer_than_theirs() -> None:
    """Those in LONG came before the rule: each may only get shorter, and goes from the list when it fits."""
    lengths = {str(path.relative_to(TESTS)): length_of(path) for path in TESTS.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > LONG.get(name, CEILING_OF_TESTS)} == {}
    assert {name for name in LONG if lengths.get(name, 0) <= CEILING_OF_TESTS} == set(), "fit now: take them off LONG"


def test_half_of_the_modules_are_short() -> None:
    lengths = sorted(map(length_of, MODULES))
    assert lengths[len(lengths) // 2] <= 150


def test_each_library_stays_at_home() -> None:
    abroad = [
        f"{imported} in {name_of(path)}"
        for path in MODULES
        for imported, _ in imports_of(path)
        if (homes := HOMES.get(imported.split(".")[0]))
        and not any(f"{name_of(path)}.".startswith(f"{home}.") for home in homes)
    ]
    assert abroad == []


def test_nothing_is_read_that_could_run() -> None:
    """What is kept in files is data: who puts a file there must not be able to run anything by it."""
    for path in MODULES:
        known = {name for name, _ in imports_of(path)}
        assert not known & {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}, name_of(path)


def test_imports_stand_at_the_top() -> None:
    inner = [
        f"{name_of(path)}:{child.lineno}"
        for path in MODULES
        for node in nodes_of(path)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for child in ast.walk(node)
        if isinstance(child, (ast.Import, ast.ImportFrom))
    ]
    assert inner == []


def test_nothing_imports_in_a_circle() -> None:
    graph = {
        name_of(path): {name for name, _ in imports_of(path) if name.startswith(("tempuse", "web"))} for path in MODULES
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name in done:
            return
        for other in sorted(graph.get(name, set()) - {name}):
            # A package's own __init__ gathers its modules; they may name the package.
            if not (name.startswith(other + ".") or other == "tempuse"):
                visit(other, (*trail, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def test_the_public_side_reads_only_what_is_published() -> None:
    """Its blueprint reads ``published`` of the store, and writes what strangers send by the registry; no more."""
    allowed = {
        "tempuse.store.published", "tempuse.store.published_uses", "tempuse.store.common", "tempuse.registry.reports",
        "tempuse.registry.permits.confirming", "tempuse.registry.permits.requesting",
        "tempuse.registry.permits.noticing", "tempuse.store.published_needs", "tempuse.registry.needs.drafting",
        "tempuse.registry.watches.keeping", "tempuse.registry.owners.answering",
    }  # fmt: skip
    for path in [*(ROOT / "web" / "public").rglob("*.py"), *(ROOT / "web" / "api").rglob("*.py")]:
        for imported, _ in imports_of(path):
            if imported.startswith(("tempuse.store", "tempuse.registry")):
                assert imported in allowed, f"{name_of(path)} imports {imported}"


def test_texts_become_numbers_in_one_place() -> None:
    """``"²".isdigit()`` is true, and ``int("²")`` is an error: whole numbers of strangers are read by ``arguments``."""
    for path in (ROOT / "web").rglob("*.py"):
        for node in nodes_of(path):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("isdigit", "isnumeric"), f"{name_of(path)}:{node.lineno}"
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("int", "float"):
                asked = ast.unparse(node)
                assert not re.search(r"request\.|\bargs\b", asked), f"{name_of(path)}:{node.lineno} {asked}"


# Names that two rooms far apart still share; whoever works there gives one of them another.
_SHARED = {"Account", "Answer", "Batch", "Found", "Look", "Patience", "Row", "Section", "Shown"}


def test_a_public_class_name_stands_for_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name_of(path))
    assert {name: where for name, where in homes.items() if len(where) > 1 and name not in _SHARED} == {}
