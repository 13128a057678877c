"""The demo can be made on any day: however far its dates move, each permit stays within what its spaces allow."""

from __future__ import annotations

import csv
import json
from datetime import date

from tempuse import resources
from tempuse.demo.dates import moved


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(resources.path(f"demo/{name}").read_text(encoding="utf-8").splitlines()))


def test_no_month_and_no_leap_year_makes_a_permit_longer_or_shorter_than_its_space_allows() -> None:
    text = resources.path("demo/rivermouth-spaces.geojson").read_text(encoding="utf-8")
    spaces = {each["properties"]["source_ref"]: each["properties"] for each in json.loads(text)["features"]}
    beyond = set()
    for row in rows("rivermouth-permits.csv"):
        start, end = (date.fromisoformat(row[name]) for name in ("starts_on", "ends_on"))
        for key in row["spaces"].split():
            least, most = (spaces[key].get(f"{name}_term_days") for name in ("shortest", "longest"))
            lengths = {(moved(end, months) - moved(start, months)).days + 1 for months in range(120)}
            if not (least or 0) <= min(lengths) <= max(lengths) <= (most or max(lengths)):
                beyond.add((row["title"], key))
    assert not beyond
