"""How QGIS draws our spaces: with the shapes and colours of the map, as a .qml and within a GeoPackage.

A layer may hold points and outlines at once, so each rule asks for the one that its symbol can draw, and the style
names no type of geometry: QGIS then takes it for any.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Collection, Mapping
from xml.sax.saxutils import quoteattr

from tempuse.io.write.flat import Content
from tempuse.marks import COLOURS, SHAPES, drawn

NAME = "tempuse"
# What a style asks of a feature: without one of these it says nothing.
_NEEDS = {"status", "occupancy", "available_until", "location_level", "kind"}
_MARK_MM, _LINE_MM = 5.5, 0.66
# A square that hides a place is drawn as the map does: faint, and dashed.
_FILLED, _FAINT = 46, 41
_TABLE = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
  styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""


def has_style(columns: Collection[str]) -> bool:
    """Whether a layer of these columns is one of spaces, which we know how to draw."""
    return set(columns) >= _NEEDS


def _states(columns: Collection[str]) -> dict[str, str]:
    """What a feature is in each state, as ``spaces.outlook`` says it, as an expression of QGIS."""
    used = "\"occupancy\" = 'temporary_use'"
    if "in_use" in columns:
        used = f'({used} OR coalesce("in_use", false))'
    until = '("available_until" IS NULL OR to_date("available_until") >= to_date(now()))'
    free = f"\"status\" = 'offered' AND coalesce(\"occupancy\", '') <> 'occupied' AND {until}"
    return {"free": f"NOT {used} AND {free}", "used": used, "shut": f"NOT {used} AND NOT ({free})"}


def qml(columns: Collection[str], legend: Mapping[str, str]) -> str:
    """The style of a layer of spaces.

    Args:
        columns: the names of the layer's columns.
        legend: what it calls the states, the kinds, ``outline`` and ``cell``; what it lacks is called as it is.
    """
    rules: list[str] = []
    symbols: list[str] = []
    for state, is_so in _states(columns).items():
        inner = []
        for shape in SHAPES:
            asked = f"\"kind\" = '{shape.kind}' AND geometry_type($geometry) = 'Point'"
            inner.append(_rule(len(symbols), legend.get(shape.kind, shape.kind), asked))
            symbols.append(_marker(len(symbols), drawn(shape, state)))
        for dashed, sign in ((False, "<>"), (True, "=")):
            asked = f"geometry_type($geometry) = 'Polygon' AND coalesce(\"location_level\", '') {sign} 'cell'"
            inner.append(_rule(len(symbols), legend.get(name := "cell" if dashed else "outline", name), asked))
            symbols.append(_fill(len(symbols), state, dashed=dashed))
        rules.append(
            f"<rule key={quoteattr(_key(state))} label={quoteattr(legend.get(state, state))} filter={quoteattr(is_so)}>"
            f"{''.join(inner)}</rule>"
        )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22" styleCategories="Symbology">\n'
        '<renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0" referencescale="-1">\n'
        f"<rules key={quoteattr(_key('rules'))}>{''.join(rules)}</rules>\n"
        f"<symbols>{''.join(symbols)}</symbols>\n</renderer-v2>\n<blendMode>0</blendMode>\n</qgis>\n"
    )


def _key(name: str) -> str:
    return f"{{{NAME}-{name}}}"


def _rule(symbol: int, label: str, asked: str) -> str:
    key = quoteattr(_key(str(symbol)))
    return f'<rule key={key} symbol="{symbol}" label={quoteattr(label)} filter={quoteattr(asked)}/>'


def _symbol(number: int, kind: str, layer: str, options: Mapping[str, object]) -> str:
    said = "".join(
        f'<Option type="QString" name={quoteattr(name)} value={quoteattr(str(value))}/>'
        for name, value in options.items()
    )
    return (
        f'<symbol type="{kind}" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" pass="0" enabled="1" locked="0"><Option type="Map">{said}</Option></layer></symbol>'
    )


def _marker(number: int, picture: str) -> str:
    name = "base64:" + base64.b64encode(picture.encode()).decode()
    return _symbol(number, "marker", "SvgMarker", {"name": name, "size": _MARK_MM, "size_unit": "MM"})


def _rgba(name: str, alpha: int = 255) -> str:
    colour = COLOURS[name]
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + f",{alpha}"


def _fill(number: int, state: str, *, dashed: bool) -> str:
    line = "used-edge" if state == "used" else state
    return _symbol(number, "fill", "SimpleFill", {
        "color": _rgba(state, _FAINT if dashed else _FILLED), "style": "solid", "outline_color": _rgba(line),
        "outline_style": "dash" if dashed else "solid", "outline_width": _LINE_MM, "outline_width_unit": "MM",
        "joinstyle": "round",
    })  # fmt: skip


def add_style(con: sqlite3.Connection, content: Content) -> None:
    """Keep the style in a GeoPackage, where QGIS finds it by itself; within the caller's transaction."""
    columns = [column.name for column in content.columns]
    if not has_style(columns):
        return
    con.execute(_TABLE)
    # Always the same moment: the same features are the same file.
    told = con.execute("SELECT last_change FROM gpkg_contents WHERE table_name = ?", (content.layer,)).fetchone()[0]
    con.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1,"
        " ?, '', ?)",
        (content.layer, NAME, qml(columns, content.legend), content.title, told),
    )
    con.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)", (told,),
    )  # fmt: skip
