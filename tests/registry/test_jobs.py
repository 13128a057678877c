"""Long work is rows: moved a step at a time by one alone, taken up when whoever did it died, stopped on request."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Conflict, NotAllowed, NotFound
from tempuse.jobs import JOB_LIFECYCLE, MOST_TRIES, ImportJob, Job, import_job
from tempuse.registry import jobs
from tempuse.registry.care import backups
from tempuse.store import imports, spaces
from tempuse.store import jobs as rows
from tempuse.store.engine import Connection, Register, open_register, writing
from tempuse.store.job_files import JobFiles, Stopped
from tempuse.store.tables import jobs as table
from tests.office import add_person
from web.office.imports import jobs as web_jobs
from web.office.imports import work

ABOUT = ImportJob(
    file_name="vacant.csv", list="list.csv", bytes=7, source="Vacant", status="verified", sheets=("a", "b"),
    words=({"column": "c", "target": "kind", "text": "Halle", "ours": "building"},), opened_as=("a", ""), rows=2,
)  # fmt: skip


def begin(con: Connection, register: Register, now: datetime) -> Job:
    return jobs.begin_job(con, SYSTEM, register.home, ABOUT, now)


def test_a_job_comes_back_as_it_was_left(con: Connection, register: Register, now: datetime) -> None:
    job = begin(con, register, now)
    held = jobs.get_job(con, job.key)
    assert held.about == ABOUT
    assert (held.state, held.step, held.actor) == ("opening", 1, "command line")
    assert import_job({"file_name": "x", "of a later version": 1}) == ImportJob(file_name="x")


def test_a_form_that_is_sent_twice_moves_a_job_once(con: Connection, register: Register, now: datetime) -> None:
    job = begin(con, register, now)
    con.rollback()
    twice = jobs.get_job(con, job.key)
    con.rollback()
    jobs.move_job(con, SYSTEM, job, "opened", now)
    with pytest.raises(Conflict):
        jobs.move_job(con, SYSTEM, twice, "opened", now)
    with pytest.raises(Conflict):
        jobs.move_job(con, SYSTEM, job, "merged", now)
    assert jobs.get_job(con, job.key).state == "columns"


def test_every_state_can_be_reached_and_only_the_last_two_are_ends() -> None:
    reached = {move.target for move in JOB_LIFECYCLE.moves.values()}
    assert reached == set(JOB_LIFECYCLE.statuses)
    assert {state for state in JOB_LIFECYCLE.statuses if not JOB_LIFECYCLE.open_to(state)} == {"unreadable", "merged"}


def test_the_public_begins_and_stops_nothing(con: Connection, register: Register, now: datetime) -> None:
    job = begin(con, register, now)
    con.rollback()
    for work_of in (
        lambda: jobs.begin_job(con, PUBLIC, register.home, ABOUT, now),
        lambda: jobs.move_job(con, PUBLIC, job, "opened", now),
        lambda: jobs.note_job(con, PUBLIC, job, now),
        lambda: jobs.take_job(con, PUBLIC, job.key),
        lambda: jobs.stop_job(con, PUBLIC, register.home, job),
        lambda: jobs.forget_job(con, PUBLIC, register.home, job),
        lambda: jobs.forget_old_jobs(con, PUBLIC, register.home, now),
    ):
        with pytest.raises(NotAllowed):
            work_of()


def test_another_versions_jobs_are_forgotten_with_a_sentence(
    con: Connection, register: Register, now: datetime
) -> None:
    job = begin(con, register, now)
    with writing(con):
        con.execute(table.update().values(version="0.0.1"))
    with pytest.raises(NotFound) as told:
        jobs.get_job(con, job.key)
    assert told.value.message == "import.other_version"
    con.rollback()
    assert jobs.waiting_jobs(con) == []
    jobs.forget_old_jobs(con, SYSTEM, register.home, now)
    assert rows.find(con) == []
    assert not JobFiles(register.home, job.key).folder.exists()


def test_a_job_is_stopped_at_once_or_asked_to_end(con: Connection, register: Register, now: datetime) -> None:
    idle, busy = begin(con, register, now), begin(con, register, now)
    held = JobFiles(register.home, busy.key)
    with held.working() as mine:
        assert mine
        assert held.is_at_work()
        held.tell("rows", 3, 10, now)
        assert held.progress() == {"what": "rows", "done": 3, "total": 10, "at": now}
        assert jobs.stop_job(con, SYSTEM, register.home, busy) is False
        with pytest.raises(Stopped):
            held.tell("rows", 4, 10, now)
    assert jobs.stop_job(con, SYSTEM, register.home, idle) is True
    assert [job.key for job in rows.find(con)] == [busy.key]


def test_a_register_that_is_brought_back_has_no_jobs_whose_files_are_not_there(
    con: Connection, register: Register, tmp_path: Path, now: datetime
) -> None:
    begin(con, register, now)
    backups.backup(register, tmp_path / "backup.zip", now)
    back = open_register(str(tmp_path / "back.gpkg"), tmp_path / "back-home", create=True)
    backups.restore(back, tmp_path / "backup.zip", now)
    with back.connect() as other:
        assert rows.find(other) == []
    back.close()


# ---- an import, taken up again ------------------------------------------------------------------------------


@pytest.fixture
def key(app: Flask, con: Connection, register: Register, now: datetime) -> str:
    """An import of a planner's whose file waits to be opened by a worker."""
    person = add_person(app)
    about = ImportJob(file_name="list.csv", list="list.csv", bytes=1, source="S", status="verified", within="BE")
    job = jobs.begin_job(con, person.actor(), register.home, about, now)
    text = "Ref;Name;Lat;Lon\n" + "".join(f"{n};Mill {n};51.0{n};3.7{n}\n" for n in range(1, 6))
    (JobFiles(register.home, job.key).folder / "list.csv").write_text(text)
    return job.key


def state_of(con: Connection, key: str) -> str:
    con.rollback()
    found = jobs.get_job(con, key).state
    con.rollback()
    return found


def press(app: Flask, key: str, move: str) -> None:
    """A press on the page of a large list whose wake never came: the queue was lost."""
    with app.test_request_context():
        web_jobs.move(web_jobs.get(key), move)


def the_clock_looks(app: Flask) -> None:
    with app.test_request_context():
        work.go_on()


def test_what_there_is_to_do_is_found_without_the_queue_and_merged_once(app: Flask, con: Connection, key: str) -> None:
    the_clock_looks(app)
    assert state_of(con, key) == "columns"
    press(app, key, "check")
    the_clock_looks(app)
    press(app, key, "merge")
    the_clock_looks(app)
    assert state_of(con, key) == "merged"
    # Whoever merged was killed before it could say so: the next finds that it was done.
    with writing(con):
        con.execute(table.update().values(state="merging"))
    the_clock_looks(app)
    assert state_of(con, key) == "merged"
    assert jobs.get_job(con, key).about.ref == "IM-0001"
    con.rollback()
    assert (len(imports.find(con)), imports.count_of(con, "S")) == (1, 5)


_HOLDS = """
import sys, time
from pathlib import Path
from tempuse.store.job_files import JobFiles
with JobFiles(Path(sys.argv[1]), sys.argv[2]).working() as mine:
    print(mine, flush=True)
    time.sleep(60)
"""


def test_a_job_whose_worker_was_killed_goes_on_and_one_that_is_alive_is_left_alone(
    app: Flask, con: Connection, register: Register, key: str
) -> None:
    command = [sys.executable, "-c", _HOLDS, str(register.home), key]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    the_clock_looks(app)
    assert state_of(con, key) == "opening"
    os.kill(other.pid, signal.SIGKILL)
    other.communicate()
    the_clock_looks(app)
    assert state_of(con, key) == "columns"


def test_work_that_ends_every_worker_is_given_up(app: Flask, con: Connection, key: str) -> None:
    for _ in range(MOST_TRIES):
        taken = jobs.take_job(con, SYSTEM, key)  # and the worker was killed over it
        assert taken is not None
    the_clock_looks(app)
    assert state_of(con, key) == "unreadable"
    problem = jobs.get_job(con, key).problem
    assert problem is not None
    assert problem.message == "import.failed"


def test_an_import_that_is_stopped_in_the_middle_leaves_nothing(
    app: Flask, con: Connection, register: Register, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_TOLD_EVERY", -1.0)
    the_clock_looks(app)
    press(app, key, "check")
    the_clock_looks(app)
    press(app, key, "merge")
    JobFiles(register.home, key).stop()
    the_clock_looks(app)
    assert rows.find(con) == []
    assert spaces.count(con, spaces.SpaceFilter()) == 0
    assert not JobFiles(register.home, key).folder.exists()


def test_an_import_of_the_command_line_is_seen_while_it_runs_and_can_be_stopped(
    con: Connection, register: Register, now: datetime
) -> None:
    said: list[int] = []

    def bring_in() -> None:
        clock, bar = (lambda: now), (lambda what, done, total: said.append(done))
        with jobs.shown_as_job(con, SYSTEM, register.home, ABOUT, clock, bar) as (job, tell):
            tell("rows", 1, 2)
            assert [(each.kind, each.state) for each in rows.find(con)] == [("command", "checking")]
            con.rollback()
            assert jobs.waiting_jobs(con) == []
            assert jobs.stop_job(con, SYSTEM, register.home, job) is False
            time.sleep(0.6)
            tell("rows", 2, 2)

    with pytest.raises(Conflict) as told:
        bring_in()
    assert told.value.message == "import.stopped"
    assert said == [1, 2]
    assert rows.find(con) == []


def test_what_a_killed_command_line_left_is_forgotten(con: Connection, register: Register, now: datetime) -> None:
    jobs.begin_job(con, SYSTEM, register.home, ABOUT, now, kind="command")
    assert jobs.forget_old_jobs(con, SYSTEM, register.home, now + timedelta(minutes=1)) == 1
    assert rows.find(con) == []
