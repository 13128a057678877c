"""``tempuse user``: the people of the office from the register's own machine."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tempuse.cli.main import main
from tempuse.store import people
from tempuse.store.engine import Connection, Register
from tests.office import sign_in
from web import create_app

Told = tuple[int, str, str]


@pytest.fixture
def user(
    address: str, register: Register, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Told]:
    """Run ``tempuse user ...``; gives its exit code, its answer and what it said."""
    monkeypatch.setenv("TEMPUSE_REGISTER", address)
    monkeypatch.setenv("TEMPUSE_HOME", str(register.home))
    monkeypatch.delenv("TEMPUSE_URL", raising=False)

    def run(*args: str, given: str = "") -> Told:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            main(["user", *args])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_the_first_person_is_administrator_and_comes_in_by_the_printed_link(
    user: Callable[..., Told], register: Register, con: Connection
) -> None:
    code, out, err = user("add", "Ilse Maes", "Ilse@Example.org", "--url", "https://spaces.example/")
    assert code == 0
    assert "Ilse Maes is administrator now" in err
    assert "works once, for 14 days" in err
    link = re.fullmatch(r"https://spaces\.example(/my/password/\S+)\n", out)
    assert link
    client = create_app(register, {"RATELIMIT_ENABLED": False}).test_client()
    assert "Welcome, Ilse Maes" in client.get(link[1]).text
    assert user("add", "Bea", "bea@example.org")[0] == 0
    assert [(person.name, person.role) for person in people.find(con)] == [
        ("Bea", "planner"),
        ("Ilse Maes", "administrator"),
    ]


def test_a_password_may_be_set_at_once(user: Callable[..., Told], register: Register, con: Connection) -> None:
    assert user("add", "Ilse", "ilse@example.org", "--password-stdin", given="three blue whales\n")[1] == ""
    app = create_app(register, {"RATELIMIT_ENABLED": False})
    (ilse,) = people.find(con)
    con.rollback()
    assert sign_in(app.test_client(), ilse, "three blue whales").status_code == 302
    code, _, err = user("reset", "ilse@example.org", "--password-stdin", given="short\n")
    assert (code, err) == (5, "A password has 10 to 200 characters.\n")
    user("reset", "ilse@example.org", "--password-stdin", given="four green whales\n")
    assert sign_in(app.test_client(), ilse, "three blue whales").status_code == 422
    assert sign_in(app.test_client(), ilse, "four green whales").status_code == 302


def test_a_list_for_a_program(user: Callable[..., Told]) -> None:
    user("add", "Ilse", "ilse@example.org", "--password-stdin", given="three blue whales\n")
    user("add", "Bea", "bea@example.org")
    user("end", "bea@example.org")
    listed = json.loads(user("list", "--json", "--all")[1])
    assert [(each["name"], each["role"], each["state"]) for each in listed] == [
        ("Bea", "planner", "left"), ("Ilse", "administrator", "here"),
    ]  # fmt: skip
    assert "Bea" not in user("list")[1]


def test_a_letter_instead_of_a_link(user: Callable[..., Told], register: Register) -> None:
    code, out, err = user("add", "Ilse", "ilse@example.org", "--mail")
    assert (code, out) == (0, "")
    assert "No mail server is set" in err
    (letter,) = (register.home / "mail").glob("*.eml")
    assert "you are invited" in letter.read_text()


def test_changing_ending_and_bringing_back(user: Callable[..., Told], con: Connection) -> None:
    user("add", "Ilse", "ilse@example.org")
    user("add", "Bea", "bea@example.org")
    assert user("change", "bea@example.org", "--role", "administrator", "--new-email", "b@example.org")[0] == 0
    assert user("end", "ilse@example.org")[0] == 0
    assert user("end", "b@example.org")[0] == 4
    code, out, _ = user("bring-back", "ilse@example.org")
    assert code == 0
    assert "/my/password/" in out
    assert [person.email for person in people.find(con)] == ["b@example.org", "ilse@example.org"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("add", "X", "no-address"), 5, "no @"),
        (("add", "X", "ilse@example.org"), 4, "belongs to Ilse already"),
        (("end", "nobody@example.org"), 3, "Nobody in the office has the address"),
        (("end", "ilse@example.org"), 4, "the last administrator"),
        (("add", "X", "x@example.org", "--role", "king"), 2, "Invalid value"),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    user: Callable[..., Told], args: tuple[str, ...], code: int, said: str
) -> None:
    user("add", "Ilse", "ilse@example.org")
    ended = user(*args)
    assert ended[0] == code
    assert said in ended[2]


def test_a_wrong_mail_server_in_the_environment_is_told(
    user: Callable[..., Told], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEMPUSE_SMTP", "mail.example.org")
    code, _, err = user("add", "X", "x@example.org", "--mail")
    assert code == 5
    assert "smtp://user:password@mail.example.org:587" in err
