"""What says that a restore into PostgreSQL is half done: a table beside the accounts, gone with its last step.

It is made before anything else is brought back and dropped in the transaction that brings the register, so it is there
exactly as long as what lies there is the half of a restore, and may be cleared.
"""

from __future__ import annotations

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import Connection

from tempuse.store import accounts
from tempuse.store.engine import Register
from tempuse.store.engine.faults import translating_errors

_TABLE = "restoring"


def _schema_of(register: Register) -> tuple[Engine, str]:
    engine = accounts.Accounts(register).engine
    return engine, str(engine.get_execution_options()["schema_translate_map"][None])


def is_half_done(register: Register) -> bool:
    """Whether a restore into this database began and never ended.

    Raises:
        Unusable: the database cannot be reached.
    """
    engine, schema = _schema_of(register)
    with translating_errors(register.address):
        return inspect(engine).has_table(_TABLE, schema=schema)


def begin(register: Register) -> None:
    """Say that one begins."""
    engine, schema = _schema_of(register)
    with translating_errors(register.address), engine.begin() as con:
        con.exec_driver_sql(f'CREATE TABLE "{schema}".{_TABLE} ()')


def end(con: Connection, register: Register) -> None:
    """Say that it has ended, within the transaction that brings the register."""
    con.exec_driver_sql(f'DROP TABLE "{_schema_of(register)[1]}".{_TABLE}')


def forget(register: Register) -> None:
    """Take back half a restore: the accounts that came, and the note that it is a half."""
    engine, schema = _schema_of(register)
    with translating_errors(register.address), engine.begin() as con:
        con.execute(accounts.accounts.delete())
        con.exec_driver_sql(f'DROP TABLE IF EXISTS "{schema}".{_TABLE}')
