"""Accounts: passwords and sessions, kept apart from the register, as Flask-Security wants them.

Who a person is and what they may do stands in the register (``people``). Here are only credentials, by the
person's ref: in ``TEMPUSE_HOME/accounts.sqlite`` (mode 0600), or on PostgreSQL in a schema of their own.
Flask-Security commits its own session: the one stated exception to *registry is the only writer*
(architecture, decision 13).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import uuid
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import SQLAlchemySessionUserDatastore
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, registry, scoped_session, sessionmaker
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from tempuse import files
from tempuse.errors import Conflict, Unusable
from tempuse.store.engine import Register, faults
from tempuse.store.engine.faults import translating_errors
from tempuse.store.types import WHOLE, Instant

metadata = MetaData()

# Every page of somebody who is signed in looks here, and nobody writes here for long.
_WAIT_SECONDS = 3.0

accounts = Table(
    "accounts", metadata,
    Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("person_ref", Text, nullable=False),
    Column("password", Text),  # argon2; empty until the invitation is taken up
    Column("fs_uniquifier", Text, nullable=False),  # stands in the session: a new one ends every session and link
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("person_ref"), UniqueConstraint("fs_uniquifier"),
)  # fmt: skip


# What passes: no backup holds it, so whoever restores one signs in anew.
passing = MetaData()

sessions = Table(
    "sessions", passing,
    Column("key_hash", Text, primary_key=True),  # of what stands in the cookie
    Column("person_ref", Text, nullable=False),
    Column("ends_at", Instant, nullable=False),
)  # fmt: skip


def _schema_beside(register: str) -> str:
    """The schema of the accounts of the register in a schema: each register of a database has its own."""
    names = {"public": "tempuse_accounts", "tempuse": "tempuse_accounts_of_tempuse"}
    return names.get(register, f"{register}_accounts")


class Account(UserMixin):
    """The credentials of one person; whether they may come in is the register's to say."""

    id: int
    person_ref: str
    password: str | None
    fs_uniquifier: str
    made_at: datetime
    active = True
    roles: list[RoleMixin] = []  # noqa: RUF012  (none, ever)

    def __init__(self, person_ref: str, made_at: datetime) -> None:
        self.person_ref = person_ref
        self.made_at = made_at
        self.fs_uniquifier = uuid.uuid4().hex

    @property
    def has_password(self) -> bool:
        """Whether the invitation was taken up."""
        return bool(self.password)


class NoRole(RoleMixin):
    """Flask-Security asks for a class of roles; ours stand in the register."""


registry(metadata=metadata).map_imperatively(Account, accounts)


_TABLES = (*metadata.sorted_tables, *passing.sorted_tables)


def _make_tables(con: Connection) -> None:
    """Make what is missing: all of it, or what a newer version has more."""
    for table in _TABLES:
        con.execute(CreateTable(table, if_not_exists=True))


def _has_tables(engine: Engine, schema: str) -> bool:
    found = inspect(engine)
    return all(found.has_table(table.name, schema=schema) for table in _TABLES)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class _Session(Session):
    """A session that reaches its database at the first question, so that an app starts without one."""

    def __init__(self, held: Accounts, **options: Any) -> None:
        super().__init__(**options)
        self._held = held

    def get_bind(self, *_: Any, **__: Any) -> Engine:
        return self._held.engine


class Accounts(SQLAlchemySessionUserDatastore):
    """The accounts of one register, and Flask-Security's datastore of them."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.session = scoped_session(sessionmaker(class_=_Session, held=self, expire_on_commit=False))
        super().__init__(self.session, Account, NoRole)

    @cached_property
    def engine(self) -> Engine:
        """Where the accounts are; their table is made when it is missing."""
        with translating_errors(self.register.address):
            return self._file() if self.register.is_file else self._schema()

    def _file(self) -> Engine:
        path = files.make_folder(self.register.home) / "accounts.sqlite"
        # Made with its mode before SQLite opens it; never opened by us again (architecture, decision 2).
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        url = URL.create("sqlite", database=str(path))
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _WAIT_SECONDS}, hide_parameters=True)
        faults.listen(engine, str(path))

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA secure_delete = ON")

        with engine.begin() as con:
            _make_tables(con)
        return engine

    def _schema(self) -> Engine:
        with self.register.connect_unchecked() as con:
            name = _schema_beside(str(con.info["schema"]))
        engine = self.register.engine.execution_options(schema_translate_map={None: name})
        if not _has_tables(engine, name):
            try:
                with engine.begin() as con:
                    con.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{name}"')
                    con.exec_driver_sql(f'REVOKE ALL ON SCHEMA "{name}" FROM PUBLIC')
                    _make_tables(con)
            except (Conflict, DBAPIError):
                # Another process made it at the same moment.
                if not _has_tables(engine, name):
                    raise
        return engine

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Account | None:
        """The account of a ``person_ref``, an ``fs_uniquifier`` or an ``id``.

        Raises:
            Unusable: the database cannot be reached.
        """
        ((name, value),) = by.items()
        with translating_errors(self.register.address):
            return self.session.scalar(select(Account).where(accounts.c[name] == value))

    def commit(self) -> None:
        """Write the accounts that were put.

        Raises:
            Unusable: the database cannot be written; nothing was.
        """
        try:
            with translating_errors(self.register.address):
                self.session.commit()
        except BaseException:
            self.session.rollback()
            raise

    def of_person(self, person_ref: str, now: datetime) -> Account:
        """The account of a person; made, without a password, when they have none."""
        found = self.find_user(person_ref=person_ref)
        if found is None:
            found = Account(person_ref, now)
            self.session.add(found)
            try:
                self.commit()
            except Conflict:
                # Another thread or process made it at the same moment.
                if (found := self.find_user(person_ref=person_ref)) is None:
                    raise
        return found

    def renew(self, person_ref: str) -> None:
        """End somebody's sessions and links, and leave them their password."""
        with translating_errors(self.register.address):
            if (account := self.find_user(person_ref=person_ref)) is not None:
                account.fs_uniquifier = uuid.uuid4().hex
        self.end_sessions(person_ref)

    def forget(self, person_ref: str) -> None:
        """Take away somebody's password; their sessions and links end."""
        with translating_errors(self.register.address):
            self.session.execute(delete(accounts).where(accounts.c.person_ref == person_ref))
        self.end_sessions(person_ref)

    def begin_session(self, person_ref: str, now: datetime, lasts: timedelta) -> str:
        """Begin a session that ends by itself after a time; gives the key to put into the cookie."""
        key = secrets.token_urlsafe(32)
        with translating_errors(self.register.address):
            self.session.execute(delete(sessions).where(sessions.c.ends_at <= now))
            row = {"key_hash": _hash(key), "person_ref": person_ref, "ends_at": now + lasts}
            self.session.execute(insert(sessions).values(row))
        self.commit()
        return key

    def has_session(self, key: str, person_ref: str, now: datetime) -> bool:
        """Whether a session of this key was begun for this person and has not ended."""
        asked = select(sessions.c.ends_at).where(
            sessions.c.key_hash == _hash(key), sessions.c.person_ref == person_ref, sessions.c.ends_at > now
        )
        with translating_errors(self.register.address):
            return self.session.scalar(asked) is not None

    def end_session(self, key: str) -> None:
        """End one session, wherever its key is used."""
        with translating_errors(self.register.address):
            self.session.execute(delete(sessions).where(sessions.c.key_hash == _hash(key)))
        self.commit()

    def end_sessions(self, person_ref: str) -> None:
        """End all sessions of a person; what else was put is written, too."""
        with translating_errors(self.register.address):
            self.session.execute(delete(sessions).where(sessions.c.person_ref == person_ref))
        self.commit()

    def refs_with_password(self) -> set[str]:
        """Who has taken up their invitation."""
        with translating_errors(self.register.address):
            rows = self.session.execute(accounts.select().where(accounts.c.password.is_not(None)))
            return {row.person_ref for row in rows}

    def release(self) -> None:
        """Give back this thread's session; one whose line broke is forgotten."""
        try:
            self.session.remove()
        except Unusable:
            self.session.registry.clear()
