"""Eight processes killed in the middle of their work, on each engine: nothing is half, lost, or left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import kill_hundred

pytestmark = pytest.mark.both_engines

# The worker's own import takes long to look at; the benchmark has it.
WORKS = {name: work for name, work in kill_hundred.WORKS.items() if name != "worker"}


@pytest.mark.long
def test_what_is_killed_leaves_everything_whole(address: str, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    place = kill_hundred.make(tmp_path / "here", address, seed=7)
    place.seconds.update({"import": 3.0, "save": 2.0, "restore": 2.0})
    kill_hundred.run(place, 4, WORKS)
    assert place.found == []
    assert place.ended.total() >= 4
