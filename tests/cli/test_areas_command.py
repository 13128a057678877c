"""``tempuse areas``: districts whose letters their file does not say, or says wrongly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse.cli.main import main


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line at a fresh register on each engine: ``run("areas", path)``."""
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPUSE_REGISTER", address)

    def call(*arguments: Any) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    assert call("create").exit_code == 0
    return call


def district(path: Path, name: str, encoding: str) -> Path:
    ring = [[20.9, 52.2], [21.1, 52.2], [21.1, 52.3], [20.9, 52.2]]
    place = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": place}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    path.write_bytes(content.encode(encoding))
    return path


def names(run: Any, tmp_path: Path) -> list[str]:
    assert run("export", tmp_path / "out.geojson", "--areas", "district").exit_code == 0
    features = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))["features"]
    return [each["properties"]["name"] for each in features]


def test_districts_have_the_letters_of_their_country(run: Any, tmp_path: Path) -> None:
    run("settings", "country", "PL")
    result = run("areas", district(tmp_path / "areas.geojson", "Śródmieście", "cp1250"))
    assert result.exit_code == 0, result.output
    assert "Read as cp1250" in result.output
    assert names(run, tmp_path) == ["Śródmieście"]


def test_districts_are_read_in_the_letters_that_are_told(run: Any, tmp_path: Path) -> None:
    path = district(tmp_path / "areas.geojson", "Şişli", "cp1254")
    result = run("areas", path, "--encoding", "cp1254")
    assert result.exit_code == 0, result.output
    assert names(run, tmp_path) == ["Şişli"]
    assert run("areas", path, "--encoding", "klingon").exit_code == 5
