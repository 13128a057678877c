"""What tempuse writes it reads again: every field that an audience sees, through each format, comes back as it was."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from click.testing import CliRunner

from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.io.crosswalk import TARGETS
from tempuse.io.write import FORMATS
from tempuse.io.write.columns import space_columns
from tempuse.registry.spaces import add_space
from tempuse.spaces import EDITABLE, FIELDS
from tempuse.store import spaces
from tempuse.store.engine import Register, open_register
from tempuse.vocabulary import Audience
from tests.builders import a_space

# Not brought in by a list: our refs mean something in one register alone, and who restricts is asked for.
APART = frozenset({"within_ref", "geometry", "location_release_on", "consent", "consent_on", "location_level"})


def a_value(name: str) -> Any:
    """Something for a field that is not what it has by itself."""
    about = FIELDS[name]
    kind = about["kind"]
    if kind == "choice":
        return list(about["of"])[-1].value
    if kind == "list":
        return tuple(each.value for each in list(about["of"])[:2]) if "of" in about else ("12/3", "14/5a")
    if kind in ("number", "whole"):
        least, most = about.get("least", 1), about.get("most", 1000)
        return max(int(least), min(int(most), 1850 if about.get("unit") == "year" else 1250 if most > 1250 else 3))
    return {"flag": True, "day": date(2027, 3, 1)}.get(kind, f"Text of {about['word'].lower()}")


def values() -> dict[str, Any]:
    set_by_hand = {
        "kind": "building", "ownership": "municipality", "available_until": date(2027, 12, 31), "cost_model": "reduced",
        "shortest_term_days": 30, "longest_term_days": 365, "owner_email": "jo@owner.example", "retired_on": None,
        "vacant_since": date(2020, 5, 1), "checked_on": date(2026, 11, 2), "plot_area_m2": 2000.5, "excluded_uses": (),
    }  # fmt: skip
    return {name: set_by_hand.get(name, a_value(name)) for name in EDITABLE if name in TARGETS - APART}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("form", FORMATS)
def test_every_field_comes_back(
    register: Register, address: str, tmp_path: Path, now: datetime, form: str, audience: Audience
) -> None:
    with register.connect() as con:
        ref = add_space(con, SYSTEM, a_space(geometry=shapely.Point(3.7, 51.05), **values()), now)
        before = spaces.get(con, ref)
    run, target = CliRunner(), tmp_path / f"out.{form}"
    done = run.invoke(main, ["--register", address, "export", str(target), "--audience", audience.value])
    assert done.exit_code == 0, done.output
    # Points and outlines are Shapefiles of their own.
    target = tmp_path / "out_points.shp" if form == "shp" else target
    other = str(tmp_path / "other.gpkg")
    assert run.invoke(main, ["--register", other, "create", "--municipality", "T"]).exit_code == 0
    done = run.invoke(main, ["--register", other, "import", str(target), "--within", "BE", "--source", "list"])
    assert done.exit_code == 0, done.output
    opened = open_register(other)
    with opened.connect() as con:
        (after,) = (space for batch in spaces.walk(con) for _, space in batch)
    opened.close()
    seen = {column.name for column in space_columns(audience)}
    asked = (TARGETS & seen) - APART - {"retired_on", "status"}
    lost = {
        name: (getattr(before, name), getattr(after, name))
        for name in EDITABLE if name in asked and getattr(before, name) != getattr(after, name)
    }  # fmt: skip
    assert lost == {}
    assert after.geometry.equals_exact(before.geometry, 1e-6)
