"""What a page is given is what its template asks for: a name that nobody gives is found before a page is drawn."""

from __future__ import annotations

import ast
from pathlib import Path

from flask import Flask
from jinja2 import Environment, meta, nodes

ROOT = Path(__file__).resolve().parents[2]


def given_to() -> dict[str, set[str]]:
    """The templates of the public's pages, each with what views give it; one that is given a dict is passed over."""
    given: dict[str, set[str]] = {}
    for path in sorted((ROOT / "web" / "public").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "render_template":
                names = {each.arg or "" for each in node.keywords}
                if isinstance(node.args[0], ast.Constant) and "" not in names:
                    given.setdefault(str(node.args[0].value), set()).update(names)
    return given


def asked_for(env: Environment, name: str) -> set[str]:
    """The names that a template asks for, and those that it extends or includes."""
    assert env.loader
    tree = env.parse(env.loader.get_source(env, name)[0])
    # What stands in a block is held to be undeclared, also where the template itself sets or imports it.
    own = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}
    own |= {each.name for each in tree.find_all(nodes.Macro)}
    for each in tree.find_all(nodes.FromImport):
        own |= {name if isinstance(name, str) else name[1] for name in each.names}
    for each in tree.find_all(nodes.Test):
        if each.name == "defined" and isinstance(each.node, nodes.Name):
            own.add(each.node.name)
    found = set(meta.find_undeclared_variables(tree))
    drawn_with_it = [each.template for each in tree.find_all((nodes.Extends, nodes.Include))]
    for other in drawn_with_it:
        assert isinstance(other, nodes.Const), name
        found |= asked_for(env, other.value)
    return found - own


def test_a_page_is_given_the_names_that_its_template_asks_for(app: Flask) -> None:
    with app.test_request_context():
        everywhere = set(app.jinja_env.globals) | {"request", "session", "g"}
        for made in (*app.template_context_processors[None], *app.template_context_processors.get("public", ())):
            everywhere |= set(made())
    known = given_to()
    assert len(known) > 8
    wrong = {name: asked_for(app.jinja_env, name) - everywhere - given for name, given in known.items()}
    wrong = {name: missing for name, missing in wrong.items() if missing}
    assert wrong == {}


def test_no_page_of_the_publics_is_given_a_module(app: Flask) -> None:
    """A function that is renamed in a module is missed when its page is drawn; a name that is given, above."""
    for path in sorted((ROOT / "web" / "public").rglob("*.py")):
        tree = ast.parse(path.read_text())
        modules = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (ROOT / (node.module or "").replace(".", "/")).is_dir()
            for alias in node.names
            if (ROOT / (node.module or "").replace(".", "/") / f"{alias.name}.py").exists()
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "render_template":
                given = {each.value.id for each in node.keywords if isinstance(each.value, ast.Name)}
                assert not given & modules, f"{path.name}:{node.lineno}"
