"""``tempuse check`` looks at the files that rows refer to, ``tempuse doctor`` at the city's templates of papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.store import attachments
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space

Told = tuple[int, str]


@pytest.fixture
def tempuse(
    address: str, register: Register, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Told]:
    """Run ``tempuse ...``; gives its exit code and its answer."""
    monkeypatch.setenv("TEMPUSE_REGISTER", address)
    monkeypatch.setenv("TEMPUSE_HOME", str(register.home))

    def run(*args: str) -> Told:
        with pytest.raises(SystemExit) as ended:
            main(list(args))
        return int(ended.value.code or 0), capsys.readouterr().out

    return run


def test_check_names_a_file_that_is_gone(
    tempuse: Callable[..., Told], register: Register, con: Connection, now: datetime
) -> None:
    name = attachments.put(register.home, b"\x89PNG\r\n\x1a\n of a town", "png")
    setup.change_settings(con, SYSTEM, {"logo": f"/logo/{name}"}, now)
    con.rollback()
    assert tempuse("check") == (0, "")
    (register.home / "attachments" / name[:2] / name).unlink()
    code, told = tempuse("check")
    assert code == 1
    assert f"The file {name} is not here any more" in told


def test_the_doctor_names_a_template_that_does_not_work(tempuse: Callable[..., Told], register: Register) -> None:
    folder = register.home / "papers"
    folder.mkdir(mode=0o700, parents=True)
    folder.parent.chmod(0o700)
    (folder / "decision.typ").write_text('#import "paper.typ": paper\n\n#papier(json(bytes(sys.inputs.paper)))\n')
    code, told = tempuse("doctor")
    assert code == 1
    assert "The template decision.typ does not work, in line 3 (unknown variable: papier)." in told
    (folder / "decision.typ").unlink()
    assert "template" not in tempuse("doctor")[1]


def test_the_doctor_says_what_a_list_put_outside_the_town(
    tempuse: Callable[..., Told], con: Connection, now: datetime
) -> None:
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    for placed_by, status, east in (("file", "offered", 0.1), ("planner", "offered", 0.1), ("file", "verified", 5.0)):
        add_space(con, SYSTEM, a_space(placed_by=placed_by, status=status, geometry=a_place(east)), now)
    assert "1 spaces lie outside the town" in tempuse("doctor")[1]
    assert "(SP-0001)" in tempuse("doctor")[1]
