"""Damage to plant into a register, one at a time: what a tired administrator, a broken disk or a bad hand does."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import shapely

GARBAGE = "x'deadbeef00'"
_ELSEWHERE = shapely.Point(4.5, 50.2)
ELSEWHERE = f"x'{(b'GP' + bytes([0, 1]) + struct.pack('<i', 4326) + shapely.to_wkb(_ELSEWHERE)).hex()}'"


@dataclass(frozen=True, slots=True)
class Planted:
    """One corruption.

    Attributes:
        name: what was done.
        sql: how, in statements that both engines understand unless ``file_only``.
        message: the finding that must name it.
        mends: whether ``--mend`` claims to mend it, and then must.
        file_only: whether only the file can be damaged so.
    """

    name: str
    sql: str
    message: str
    mends: bool = False
    file_only: bool = False


def _space(sql: str) -> str:
    return f"UPDATE spaces SET {sql} WHERE ref = 'SP-0001'"


def _public(sql: str, collection: str = "spaces", ref: str = "SP-0001") -> str:
    return f"UPDATE published SET {sql} WHERE collection = '{collection}' AND ref = '{ref}'"


VALUES = [
    Planted("status of nowhere", _space("status = 'haunted'"), "check.value"),
    Planted("no status", _space("status = NULL"), "check.value"),
    Planted("another status", _space("status = 'verified'"), "check.event"),
    Planted("another occupancy", _space("occupancy = 'haunted'"), "check.value"),
    Planted("no occupancy", _space("occupancy = NULL"), "check.value"),
    Planted("kind of nothing", _space("kind = 'castle'"), "check.value"),
    Planted("no ref", _space("ref = NULL"), "check.value"),
    Planted("a ref that is none", _space("ref = 'SP-x'"), "check.value"),
    Planted("year out of range", _space("building_year = 12"), "check.value"),
    Planted("ends before it begins", _space("available_from = '2027-05-01', available_until = '2026-05-01'"),
            "check.value"),
    Planted("within nothing", _space("within_ref = 'SP-0404'"), "check.orphan"),
    Planted("within itself", _space("within_ref = 'SP-0001'"), "check.value"),
    Planted("a district that is not there", _space("district_ref = 'AR-0404'"), "check.district"),
    Planted("measured wrongly", _space("plot_area_m2 = 90000, plot_area_measured = true"), "check.measured"),
    Planted("a list that is no JSON", _space("suitable_uses = '[\"event'"), "check.value"),
    Planted("a list of nothing known", _space("suitable_uses = '[\"witchcraft\"]'"), "check.value"),
    Planted("a map that is a number", _space("source_fields = '5'"), "check.value"),
    Planted("revision", _space("revision = 7"), "check.history"),
    Planted("twice of one list", "DROP INDEX spaces_source;"
            "UPDATE spaces SET source = 's', source_ref = '1' WHERE ref IN ('SP-0001', 'SP-0002')", "check.double"),
    Planted("day unreadable", _space("vacant_since = '2026-13-45'"), "check.value", file_only=True),
    Planted("day as a number", _space("vacant_since = 5"), "check.value", file_only=True),
    Planted("instant unreadable", _space("created_at = 'yesterday'"), "check.value", file_only=True),
    Planted("number that is text", _space("floor_area_m2 = 'large'"), "check.value", file_only=True),
    Planted("number that is endless", _space("floor_area_m2 = 9e999"), "check.value", file_only=True),
    Planted("whole that is text", _space("building_year = 'old'"), "check.value", file_only=True),
    Planted("flag that is 7", _space("water = 7"), "check.value", file_only=True),
    Planted("text that is bytes", _space("name = x'00ff80'"), "check.value", file_only=True),
    Planted("text that is no UTF-8", _space("name = CAST(x'41ff80fe' AS TEXT)"), "check.value", file_only=True),
    Planted("shape that is garbage", _space(f"geometry = {GARBAGE}"), "check.value", file_only=True),
    Planted("shape that is text", _space("geometry = 'POINT(1 2)'"), "check.value", file_only=True),
    Planted("shape that is cut", _space("geometry = substr(geometry, 1, length(geometry) - 9)"), "check.value",
            file_only=True),
    Planted("shape with another box",
            _space("geometry = CAST(substr(geometry, 1, 8) || zeroblob(8) || substr(geometry, 17) AS BLOB)"),
            "check.value", file_only=True),
    Planted("shape of another system",
            _space("geometry = CAST(x'475000036a0f0000' || substr(geometry, 9) AS BLOB)"),
            "check.value", file_only=True),
]  # fmt: skip

OTHERS = [
    Planted("a lost space", "DELETE FROM spaces WHERE ref = 'SP-0002'", "check.row_gone"),
    Planted("the last space lost", "DELETE FROM spaces WHERE ref = 'SP-0004'", "check.row_gone"),
    Planted("a lost report", "DELETE FROM reports", "check.row_gone"),
    Planted("a lost person", "DELETE FROM people", "check.row_gone"),
    Planted("a lost import", "DELETE FROM imports", "check.row_gone"),
    Planted("an event lost inside", "DELETE FROM events WHERE ref = 'SP-0003' AND what = 'add'", "check.history"),
    Planted("the last event lost", "DELETE FROM events WHERE ref = 'SP-0003' AND what = 'withhold'", "check.event"),
    Planted("a person without history", "DELETE FROM events WHERE noun = 'person'", "check.no_event"),
    Planted("an event of nothing", "UPDATE events SET ref = 'SP-0404' WHERE ref = 'SP-0003' AND what = 'add'",
            "check.row_gone"),
    Planted("an event's changes unreadable", "UPDATE events SET changes = '{' WHERE what = 'withhold'", "check.value"),
    Planted("an event of no noun", "UPDATE events SET noun = 'ghost' WHERE noun = 'settings'", "check.value"),
    Planted("an event's instant unreadable", "UPDATE events SET at = 'once' WHERE what = 'withhold'", "check.value",
            file_only=True),
    Planted("a period of nothing", "UPDATE periods SET space_ref = 'SP-0404'", "check.orphan"),
    Planted("a period unreadable", "UPDATE periods SET starts_on = 'spring'", "check.value", file_only=True),
    Planted("a period's precision", "UPDATE periods SET precision = 'century'", "check.value"),
    Planted("a report's status", "UPDATE reports SET status = 'sent'", "check.event"),
    Planted("a report's status of nowhere", "UPDATE reports SET status = 'lost'", "check.value"),
    Planted("a report's space", "UPDATE reports SET space_ref = 'SP-0001'", "check.value"),
    Planted("a report's space that is not there", "UPDATE reports SET space_ref = 'SP-0404'", "check.orphan"),
    Planted("a report's pin", f"UPDATE reports SET geometry = {GARBAGE}", "check.value", file_only=True),
    Planted("an area without outline", "UPDATE areas SET geometry = NULL", "check.no_outline"),
    Planted("an area of no kind", "UPDATE areas SET kind = 'kingdom'", "check.value"),
    Planted("an area's outline", f"UPDATE areas SET geometry = {GARBAGE}", "check.value", file_only=True),
    Planted("a person's role", "UPDATE memberships SET role = 'king'", "check.value"),
    Planted("a membership of nobody", "UPDATE memberships SET person_ref = 'PE-0404'", "check.orphan"),
    Planted("a membership over half a name", "UPDATE memberships SET over_ref = 'SP-0001'", "check.value"),
    Planted("a membership over nothing", "UPDATE memberships SET over_noun = 'organisation', over_ref = 'OR-0404'",
            "check.orphan"),
    Planted("a lost membership", "DELETE FROM memberships", "check.rows_gone", file_only=True),
    Planted("a person's address", "UPDATE people SET email = 'nowhere'", "check.value"),
    Planted("a letter to nobody", "UPDATE letters SET to_ref = 'PE-0404'", "check.letter"),
    Planted("a letter's status", "UPDATE letters SET status = 'lost'", "check.value"),
    Planted("a job's state", "INSERT INTO jobs (key, kind, state, step, begun_at, moved_at, version) VALUES"
            " ('k', 'import', 'lost', 1, '2026-11-23T08:30:00.000Z', '2026-11-23T08:30:00.000Z', '1')", "check.value"),
    Planted("an import's counts", "UPDATE imports SET counts = 'many'", "check.value"),
    Planted("an import's issues", "UPDATE imports SET issues = '['", "check.value"),
    Planted("a setting that is no JSON", "UPDATE settings SET value = 'Riv' WHERE name = 'municipality'",
            "check.setting"),
    Planted("a setting that decides", "INSERT INTO settings (name, value) VALUES ('public_level', '{')",
            "check.setting"),
    Planted("a setting of another kind", "UPDATE settings SET value = '[5]' WHERE name = 'municipality'",
            "check.setting"),
    Planted("a counter behind", "UPDATE counters SET last = 1 WHERE noun = 'space'", "check.counter", mends=True),
    Planted("a counter lost", "DELETE FROM counters WHERE noun = 'report'", "check.counter", mends=True),
    Planted("the last change lowered", "UPDATE register_state SET seq = 1", "check.state", mends=True),
    Planted("two last changes", "INSERT INTO register_state (seq) VALUES (1)", "check.state", mends=True),
    Planted("no last change", "DELETE FROM register_state", "check.state", mends=True),
]  # fmt: skip

PUBLIC = [
    Planted("public text", _public("feature = '{}'"), "check.published", mends=True),
    Planted("public text in another place", _public("lon = 4.5"), "check.published", mends=True),
    Planted("public status", _public("status = 'verified'"), "check.published", mends=True),
    Planted("public shape gone", _public("geometry = NULL"), "check.published", mends=True),
    Planted("a public row lost", "DELETE FROM published WHERE ref = 'SP-0001'", "check.published", mends=True),
    Planted("public under another ref", _public("ref = 'SP-0404'"), "check.published", mends=True),
    Planted("public of an unknown collection", _public("collection = 'ghosts'"), "check.published", mends=True),
    Planted("a public row of a later change", _public("seq = 999"), "check.state", mends=True),
    Planted("a public area's text", _public("feature = '{}'", "areas", "AR-0001"), "check.published", mends=True),
    Planted("a public area's shape", _public("geometry = NULL", "areas", "AR-0001"), "check.published", mends=True),
    Planted("a public area lost", "DELETE FROM published WHERE collection = 'areas'", "check.published", mends=True),
    Planted(
        "a public area that is none", _public("ref = 'AR-0404'", "areas", "AR-0001"), "check.published", mends=True
    ),
    Planted("public shape elsewhere", _public(f"geometry = {ELSEWHERE}"), "check.published", True, file_only=True),
    Planted("public shape garbage", _public(f"geometry = {GARBAGE}"), "check.published", True, file_only=True),
    Planted("public instant garbage", _public("next_change_at = 'soon'"), "check.published", True, file_only=True),
    Planted("public number garbage", _public("lat = 'north'"), "check.published", True, file_only=True),
    Planted("what left is forgotten", "DELETE FROM unpublished", "check.unpublished", True, file_only=True),
]

PARTS = [
    Planted("an index lost", "DROP INDEX spaces_source", "check.part_missing", mends=True),
    Planted("a trigger of somebody else", "CREATE TRIGGER evil AFTER UPDATE ON spaces BEGIN DELETE FROM people; END",
            "check.part_strange", True, file_only=True),
    Planted("a guard lost", "DROP TRIGGER guard_spaces_update", "check.part_missing", True, file_only=True),
    Planted("a guard that lets pass", "DROP TRIGGER guard_spaces_update;"
            " CREATE TRIGGER guard_spaces_update BEFORE UPDATE ON spaces BEGIN SELECT 1; END", "check.part_other", True,
            file_only=True),
    Planted("a tree's trigger lost", "DROP TRIGGER rtree_spaces_geometry_insert", "check.part_missing", True,
            file_only=True),
    Planted("an entry lost", "DELETE FROM gpkg_contents WHERE table_name = 'spaces'", "check.part_missing", True,
            file_only=True),
    Planted("an entry altered", "UPDATE gpkg_geometry_columns SET srs_id = 0 WHERE table_name = 'spaces'",
            "check.part_other", True, file_only=True),
    Planted("a tree emptied", "DELETE FROM rtree_spaces_geometry", "check.tree", True, file_only=True),
    Planted("a tree's row elsewhere", "UPDATE rtree_published_geometry SET minx = 9, maxx = 9.1", "check.tree", True,
            file_only=True),
    Planted("a tree's row of nothing", "INSERT INTO rtree_areas_geometry VALUES (99, 1, 2, 1, 2)", "check.tree", True,
            file_only=True),
    Planted("a tree's nodes garbage", "UPDATE rtree_spaces_geometry_node SET data = x'00'", "check.tree", True,
            file_only=True),
    Planted("a tree lost", "DROP TABLE rtree_spaces_geometry", "check.part_missing", True, file_only=True),
    Planted("a table lost", "DROP TABLE periods", "check.part_lost", file_only=True),
    Planted("a column lost", "ALTER TABLE people DROP COLUMN language", "check.part_lost"),
]  # fmt: skip

ALL = [*VALUES, *OTHERS, *PUBLIC, *PARTS]
