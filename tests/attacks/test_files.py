"""What tempuse writes is there whole or not at all, and is not for others on the machine."""

from __future__ import annotations

import ast
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tempuse import files
from tempuse.cli import health
from tempuse.cli.common import Context
from tempuse.cli.main import main
from tempuse.errors import Unusable
from tempuse.store.engine import open_register
from tests.test_shape import MODULES, name_of, nodes_of
from web import config

# A process that may write no byte more: a full disk, for one second.
_FULL = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
"""


def full(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run code on a full disk."""
    return subprocess.run([sys.executable, "-c", _FULL + code, *args], capture_output=True, text=True, check=False)


def test_a_full_disk_leaves_no_empty_key(tmp_path: Path) -> None:
    ended = full("from web import config; config.secret_key(Path(sys.argv[1]))", str(tmp_path / "home"))
    assert "home.key_unreadable" in ended.stderr
    assert list((tmp_path / "home").iterdir()) == []
    assert len(config.secret_key(tmp_path / "home")) == 64


@pytest.mark.parametrize("content", [b"", b"  \n", b"short", b"\xff\xfe" * 40])
def test_a_key_that_is_none_is_refused_with_a_sentence_and_left(tmp_path: Path, content: bytes) -> None:
    run = CliRunner()
    assert run.invoke(main, ["--register", str(tmp_path / "r.gpkg"), "create", "--municipality", "T"]).exit_code == 0
    key = tmp_path / "r.gpkg.home" / "secret.key"
    key.parent.mkdir(mode=0o700, exist_ok=True)
    key.write_bytes(content)
    for command in (["user", "add", "Ilse", "ilse@rivermouth.example"], ["doctor"]):
        said = run.invoke(main, ["--register", str(tmp_path / "r.gpkg"), *command])
        assert isinstance(said.exception, SystemExit)
        assert str(key) in said.output
        assert said.exit_code == (1 if command == ["doctor"] else 6)
    assert key.read_bytes() == content


def test_many_who_start_at_once_have_one_key(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from web import config; print(config.secret_key(Path(sys.argv[1])))"
    begun = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "home")], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    keys = {process.communicate()[0].strip() for process in begun}
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret.key"]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    files.write_whole(path, b"before")
    ended = full("from tempuse import files; files.write_whole(Path(sys.argv[1]), b'after')", str(path))
    assert "OSError" in ended.stderr
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["demo.json"]


def test_a_demo_whose_mark_was_cut_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "demo.json").write_bytes(b"")
    said = CliRunner().invoke(main, ["demo", str(tmp_path / "demo"), "--spaces", "50", "--no-serve"])
    assert said.exit_code == 0, said.output
    assert json.loads((tmp_path / "demo" / "demo.json").read_bytes())["finished"]


def test_to_create_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    code = "from tempuse.cli.main import main; main(['--register', sys.argv[1], 'create', '--municipality', 'T'])"
    ended = full(code, str(tmp_path / "r.gpkg"))
    assert ended.returncode == 6, ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.glob("r.gpkg*")) == []


def test_nothing_is_created_and_then_written() -> None:
    """Files in a folder of our own (``scratch``, ``replacing``) become others' only when they are whole."""
    # The helper itself, switches of the system, what a reader lays aside behind its walls, the translators' files.
    behind_walls = ("tempuse.io.confined.walls", "tempuse.io.ground.features", "tempuse.io.sources.recoded")
    free = ("tempuse.files", *behind_walls, "web.catalogue")
    others = [
        f"{name_of(path)}:{node.lineno}: {node.attr}; use files.write_whole or target.replacing"
        for path in MODULES
        if name_of(path) not in free
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute)
        and (
            node.attr in ("O_TRUNC", "write_bytes")
            or (node.attr == "write_text" and getattr(node.value, "id", "") != "made")
        )
    ]
    assert others == []


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_of_a_register_is_for_others_on_the_machine(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        run, address = CliRunner(), str(tmp_path / "r.gpkg")
        (tmp_path / "list.csv").write_text("Ref;Name;Lat;Lon\n1;Mill;51.05;3.7\n")
        for command in (
            ["create", "--municipality", "T"],
            ["user", "add", "Ilse", "ilse@rivermouth.example"],
            ["import", str(tmp_path / "list.csv"), "--within", "BE"],
            ["backup", str(tmp_path / "b.zip")],
            ["--register", str(tmp_path / "again.gpkg"), "restore", str(tmp_path / "b.zip")],
        ):
            said = run.invoke(main, ["--register", address, *command])
            assert said.exit_code == 0, said.output
        register = open_register(address)
        with register.connect():
            found = [*tmp_path.glob("*.gpkg*"), *(tmp_path / "r.gpkg.home").rglob("*"), tmp_path / "b.zip"]
            assert tmp_path / "r.gpkg-wal" in found
            assert {str(path): oct(mode(path)) for path in found if mode(path) & 0o077} == {}
        register.close()
    finally:
        os.umask(before)


def test_the_group_that_is_named_may_read_the_register_and_its_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = [number for number in os.getgroups() if number != os.getegid()] or ([7] if os.geteuid() == 0 else [])
    group = groups[0] if groups else os.getegid()
    run = CliRunner(env={"TEMPUSE_GROUP": str(group)})
    path = tmp_path / "r.gpkg"
    assert run.invoke(main, ["--register", str(path), "create", "--municipality", "T"]).exit_code == 0
    context = Context(str(path), None, str(group))
    register = context.open()
    with register.connect():
        for each in (path, tmp_path / "r.gpkg-wal", tmp_path / "r.gpkg-shm"):
            assert mode(each) == 0o640
            assert each.stat().st_gid == group
    register.close()
    with pytest.raises(Unusable):
        Context(str(path), None, "no-such-group-here").open()


def test_doctor_says_what_others_can_read(tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    assert CliRunner().invoke(main, ["--register", str(path), "create", "--municipality", "T"]).exit_code == 0
    config.secret_key(tmp_path / "r.gpkg.home")
    for each, bits in ((path, 0o644), (tmp_path / "r.gpkg.home", 0o755), (tmp_path / "r.gpkg.home/secret.key", 0o640)):
        each.chmod(bits)
    said = {finding.message for finding in health.examine(Context(str(path), None))}
    assert {"doctor.register_open", "doctor.home_open", "doctor.key_open"} <= said


@pytest.mark.parametrize("home", ["file/home", "file"])
def test_a_home_that_cannot_be_used_is_said_by_every_command(tmp_path: Path, home: str) -> None:
    run = CliRunner()
    assert run.invoke(main, ["--register", str(tmp_path / "r.gpkg"), "create", "--municipality", "T"]).exit_code == 0
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "list.csv").write_text("Ref;Name;Lat;Lon\n1;Mill;51.05;3.7\n")
    for command in (
        ["user", "list"], ["user", "add", "Ilse", "ilse@rivermouth.example"], ["doctor"], ["serve", "--port", "0"],
        ["worker"], ["import", str(tmp_path / "list.csv"), "--within", "BE"],
    ):  # fmt: skip
        said = run.invoke(main, ["--register", str(tmp_path / "r.gpkg"), *command],
                          env={"TEMPUSE_HOME": str(tmp_path / home)})  # fmt: skip
        assert isinstance(said.exception, SystemExit), (command, said.exception)
        assert said.exit_code in (1, 6), (command, said.output)
        assert str(tmp_path / "file") in said.output, (command, said.output)


@pytest.mark.parametrize("option", ["--report", "--columns"])
def test_where_a_report_cannot_be_written_is_said_before_the_import(tmp_path: Path, option: str) -> None:
    run = CliRunner()
    assert run.invoke(main, ["--register", str(tmp_path / "r.gpkg"), "create", "--municipality", "T"]).exit_code == 0
    (tmp_path / "list.csv").write_text("Ref;Name;Lat;Lon\n1;Mill;51.05;3.7\n")
    command = ["--register", str(tmp_path / "r.gpkg"), "import", str(tmp_path / "list.csv"), "--within", "BE"]
    said = run.invoke(main, [*command, option, str(tmp_path / "missing" / "r.csv")])
    assert isinstance(said.exception, SystemExit)
    assert said.exit_code == 3
    shown = run.invoke(main, ["--register", str(tmp_path / "r.gpkg"), "stats", "--json"])
    assert json.loads(shown.stdout)["public"]["spaces"] == 0
    assert json.loads(shown.stdout)["status"] == {}
    said = run.invoke(main, [*command, option, str(tmp_path / "r.csv")])
    assert said.exit_code == 0
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig")


def test_what_a_killed_import_left_is_gone_with_the_next(tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(main, ["--register", str(tmp_path / "r.gpkg"), "create", "--municipality", "T"]).exit_code == 0
    left = tmp_path / "r.gpkg.home" / "staging" / ".import-x.unfinished"
    left.mkdir(parents=True)
    (left / "staging").write_bytes(b"private")
    (tmp_path / "list.csv").write_text("Ref;Name;Lat;Lon\n1;Mill;51.05;3.7\n")
    command = ["--register", str(tmp_path / "r.gpkg"), "import", str(tmp_path / "list.csv"), "--within", "BE"]
    assert run.invoke(main, command).exit_code == 0
    assert list(left.parent.iterdir()) == []
