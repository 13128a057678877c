"""The table for people: what a reader sees in it, and that we read it back without harm."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from click.testing import CliRunner, Result

from tempuse import resources
from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.io.crosswalk import TARGETS
from tempuse.registry.spaces import add_space, move_space
from tempuse.settings import LANGUAGES
from tempuse.spaces import EDITABLE, Space
from tempuse.store import spaces
from tempuse.store.engine import Register, open_register
from tests.builders import a_space
from tests.registry.test_own_files import APART, values
from web import catalogue, own_words

pytestmark = pytest.mark.both_engines
# Our refs mean something in one register alone; the rest is asked for, or follows.
LEFT = (APART - {"consent", "consent_on", "location_level", "location_release_on"}) | {"retired_on", "status"}


def run(address: str, *arguments: Any) -> Result:
    done = CliRunner().invoke(main, ["--register", address, *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done


def rows_of(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.split("\n")[0] else ","))


@pytest.fixture
def two(register: Register, now: datetime) -> Space:
    """A register with a space that has ended, and then one that has everything."""
    with register.connect() as con:
        gone = add_space(con, SYSTEM, a_space(name="Old shed"), now)
        move_space(con, SYSTEM, gone, "retire", now, note="Pulled down", retired_on=date(2026, 3, 1))
        told = {
            **values(),
            "consent": "given",
            "consent_on": date(2026, 5, 4),
            "location_level": "district",
            "cost_cents": 12_350,
        }
        ref = add_space(con, SYSTEM, a_space(geometry=shapely.Point(3.7, 51.05), **told), now)
        return spaces.get(con, ref)


def brought_back(path: Path, folder: Path) -> Space:
    """The one space that is left when a register is made of a file of ours."""
    other = str(folder / "other.gpkg")
    run(other, "create", "--municipality", "T")
    run(other, "import", path, "--within", "BE", "--source", "list")
    register = open_register(other)
    with register.connect() as con:
        (found,) = (space for batch in spaces.walk(con) for _, space in batch if space.name != "Old shed")
    register.close()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_every_field_of_the_offices_table_comes_back(
    two: Space, address: str, tmp_path: Path, form: str, language: str
) -> None:
    target = tmp_path / f"out.{form}"
    run(address, "export", target, "--audience", "office", "--for-people", language)
    after = brought_back(target, tmp_path)
    changed = {
        name: (getattr(two, name), getattr(after, name))
        for name in EDITABLE if name in TARGETS - LEFT and getattr(two, name) != getattr(after, name)
    }  # fmt: skip
    assert changed == {}
    assert after.geometry.equals_exact(two.geometry, 1e-6)


def test_a_dutch_reader_finds_words_euros_days_and_yes_and_no(two: Space, address: str, tmp_path: Path) -> None:
    run(address, "export", tmp_path / "out.csv", "--audience", "office", "--for-people", "nl")
    first, last = rows_of(tmp_path / "out.csv")
    assert list(first)[:15] == [
        "Referentie", "Naam", "Straat en nummer", "Plaats", "Wijk", "Soort", "Status", "Beschikbaar vanaf",
        "Beschikbaar tot", "Vloeroppervlakte (m²)", "Oppervlakte van het terrein (m²)", "Huur (€)", "Te betalen",
        "Waarvoor het geschikt is", "Laatst nagekeken op",
    ]  # fmt: skip
    assert (first["Huur (€)"], first["Soort"], first["Laatst nagekeken op"]) == ("123,50", "Gebouw", "2026-11-02")
    assert (first["Oppervlakte van het terrein (m²)"], first["Zonder treden"]) == ("2000,5", "ja")
    assert first["Plafondhoogte (m)"] == "12,5"
    assert (last["Naam"], last["Geëindigd op"]) == ("Old shed", "2026-03-01")


def test_a_workbook_has_a_sheet_to_read_and_one_for_programs(two: Space, address: str, tmp_path: Path) -> None:
    run(address, "export", tmp_path / "out.xlsx", "--audience", "office", "--for-people", "en")
    run(address, "export", tmp_path / "all.xlsx", "--audience", "office")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["Spaces", "All fields"]
    sheet, every = book.worksheets
    head = [cell.value for cell in sheet[1]]
    assert len(head) == 15
    cells = dict(zip(head, sheet[2], strict=True))
    assert cells["Rent (€)"].value == 123.5
    assert cells["Available until"].value == datetime(2027, 12, 31)
    assert cells["Available until"].is_date
    assert [sheet["B2"].value, sheet["B3"].value] == [two.name, "Old shed"]
    (machine,) = openpyxl.load_workbook(tmp_path / "all.xlsx").worksheets
    assert sorted(every.values, key=str) == sorted(machine.values, key=str)
    assert [row[0] for row in every.values] == ["ref", two.ref, "SP-0001"]


def test_nobody_has_to_know_our_words_by_heart() -> None:
    """The crosswalk of these tables is what the words of today make: ``python -m web.catalogue`` writes it anew."""
    assert resources.path(own_words.PATH).read_text(encoding="utf-8") == own_words.text(catalogue.spoken())


def test_a_table_for_people_is_a_table(two: Space, address: str, tmp_path: Path) -> None:
    target = str(tmp_path / "out.geojson")
    done = CliRunner().invoke(main, ["--register", address, "export", target, "--for-people", "en"])
    assert done.exit_code != 0
    assert "csv, xlsx, ods" in done.output
