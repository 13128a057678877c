"""What libraries compile is compiled once in a process, and not anew for the app and the engine of each test.

A server makes one app and one engine, and pays once; tests make hundreds. What is compiled is the same text each time:
Jinja's templates, Werkzeug's builders of addresses, SQLAlchemy's statements.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """What Jinja made of templates, by what they held."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was made of this very text."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made."""
        self._code[bucket.key, bucket.checksum] = bucket.code


class Statements(LRUCache[Any, Any]):
    """What SQLAlchemy made of statements, for every engine of one kind of database: without the dialect's identity."""

    def get(self, key: Any, default: Any = None) -> Any:
        """Take what was made of this very statement."""
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key[1:], value)


_builder: Callable[..., Any] = Rule._compile_builder
_builders: dict[Any, Any] = {}
_parser: Callable[..., Any] = Rule._parse_rule
_parts: dict[Any, Any] = {}
_statements: dict[str, Statements] = {}


def _builder_of(rule: Rule, append_unknown: bool = True) -> Any:
    """A function that knows nothing of its rule but what is in the key: it is given the rule when it is called."""
    key = rule.rule, tuple(rule._trace), repr(sorted((rule.defaults or {}).items())), append_unknown
    if key not in _builders:
        _builders[key] = _builder(rule, append_unknown)
    return _builders[key]


def _parse(rule: Rule, text: str) -> list[Any]:
    """The parts of a rule's text, and what is written down of it on the way; what converts asks no map."""
    converters = rule.map.converters if rule.map else {}
    key = text, tuple(converters.items()) if "<" in text else ()
    if key not in _parts:
        trace, begun = rule._trace, len(rule._trace)
        before = set(rule._converters)
        parts = list(_parser(rule, text))
        made = {name: each for name, each in rule._converters.items() if name not in before}
        _parts[key] = parts, trace[begun:], made
    else:
        parts, traced, made = _parts[key]
        rule._trace.extend(traced)
        rule._converters.update(made)
        rule.arguments.update(made)
    return parts


def _statements_of(engine: Engine) -> Statements:
    return _statements.setdefault(engine.dialect.name, Statements(5000))


def keep() -> None:
    """Let every app and every engine of this process share what was made."""
    Flask.jinja_options = {"bytecode_cache": Templates()}
    Rule._compile_builder = _builder_of  # type: ignore[method-assign]
    Rule._parse_rule = _parse  # type: ignore[method-assign]
    Engine._compiled_cache = property(_statements_of, lambda *_: None)  # type: ignore[assignment]
