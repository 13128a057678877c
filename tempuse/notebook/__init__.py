"""A register in a notebook or a script: spaces, areas and the past as GeoDataFrames, and use cases to change it.

    >>> import tempuse
    >>> with tempuse.open("demo.gpkg") as register:
    ...     shops = register.spaces(kind="unit", status="offered")
    >>> str(shops.crs), shops.kind.unique().tolist()
    ('EPSG:4326', ['unit'])

Like the command line this is a face of the program: it knows the clock, and its errors are sentences.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import shapely

from tempuse import analysis, exports, geometry
from tempuse.access import PUBLIC, Actor
from tempuse.analysis import Frame
from tempuse.emails import tidy_email
from tempuse.errors import NotFound
from tempuse.io.write.columns import AREA_COLUMNS
from tempuse.notebook import values as given
from tempuse.notebook.values import Day, Values, checked, day, features_of, in_words, several, shapes_of
from tempuse.registry import adding
from tempuse.registry import spaces as cases
from tempuse.spaces import FACILITIES, SPACE_LIFECYCLE
from tempuse.store import areas, people
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, Register, open_register, reading
from tempuse.vocabulary import AreaKind

__all__ = ["Notebook", "open_notebook"]


class Notebook:
    """An open register, made by ``tempuse.open``.

    What is read is what one audience may see: the public, unless another is named. What is written goes through the
    registry's use cases in the name of an actor; without one nothing may be changed.
    """

    def __init__(self, register: Register, actor: str | Actor | None, clock: Callable[[], datetime]) -> None:
        self._register = register
        self._clock = clock
        self._actor = actor if isinstance(actor, Actor) else self._person(actor) if actor else PUBLIC

    def __enter__(self) -> Notebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<tempuse register {self._register.address} for {self._actor.name}>"

    def close(self) -> None:
        """Give the register back; frames stay."""
        self._register.close()

    # ---- reading ------------------------------------------------------------------------------------

    def spaces(
        self, audience: str = "public", *, kind: Values = (), status: Values = (), occupancy: Values = (),
        district: Values = (), source: Values = (), has: Values = (), bbox: Sequence[float] | None = None,
        free_on: Day | None = None,
    ) -> Frame:  # fmt: skip
        """Spaces by their ref, with all that an audience may see; what it may not see fits no filter.

            >>> register.spaces("office", district="Old Docks", has=["water", "power"]).district.unique().tolist()
            ['Old Docks']

        The columns are those of an export, and ``outlook`` (free, used or shut), ``area_m2`` (what a seeker asks for)
        and ``months_vacant``, all on the day ``free_on``, or today. Without a single row they are the same.

        Args:
            audience: public, partner or office.
            kind: building, unit, plot; one or several, as with the lists that follow.
            status: reported, verified, offered, withheld, retired.
            occupancy: vacant, partly_occupied, temporary_use, occupied, unknown.
            district: names, codes or refs of districts.
            source: names of lists.
            has: facilities that must all be there, like ``water``.
            bbox: west, south, east, north in degrees; whatever touches it.
            free_on: a day on which they can be had.

        Raises:
            Invalid, NotFound: there is no such value, or district.
        """
        with self._reading() as con:
            seen, on = given.audience_of(audience), day(free_on) or self._today(con)
            asked = {"kind": kind, "status": status, "occupancy": occupancy, "district_ref": district, "source": source}
            wanted = exports.check_wanted(con, {name: several(said) for name, said in asked.items()})
            features = features_of(exports.space_texts(con, seen, wanted))
        facilities = checked("has", several(has), FACILITIES)
        rows = [given.space_row(feature, on) for feature in features]
        frame = analysis.typed_frame(rows, shapes_of(features), given.space_columns_for(seen), "ref")
        for name in facilities:
            frame = frame[frame[name].fillna(False)]
        if bbox is not None:
            frame = frame[frame.intersects(shapely.box(*geometry.Box(*bbox)))]
        if free_on is not None:
            frame = frame[(frame["outlook"] == "free") & ~(frame["available_from"] > str(on))]
        return frame

    def past(self, audience: str = "public") -> Frame:
        """What was in the spaces before, and what came of it: one row a period, with the place of its space.

        >>> register.past().columns.tolist()[:4]
        ['ref', 'starts_on', 'ends_on', 'precision']
        """
        with self._reading() as con:
            features = features_of(exports.space_texts(con, given.audience_of(audience), exports.Selection()))
        told = [(feature, period) for feature in features for period in feature["properties"].get("history", ())]
        rows = [{"ref": feature["id"], **period} for feature, period in told]
        columns = (
            analysis.FrameColumn("ref", "text"),
            *(given.column_of(name, about) for name, about in given.PERIOD.items()),
        )
        return analysis.typed_frame(rows, shapes_of([feature for feature, _ in told]), columns)

    def areas(self, kind: Values = ()) -> Frame:
        """The areas by their ref: municipality, districts, neighbourhoods, water, green; all, or of some kinds.

        >>> "Old Docks" in set(register.areas("district").name)
        True
        """
        kinds = [AreaKind(each) for each in checked("kind", several(kind), list(AreaKind))]
        with self._reading() as con:
            features = features_of(exports.area_texts(con, kinds))
        columns = [analysis.FrameColumn(each.name, each.kind) for each in AREA_COLUMNS if each.name != "kind"]
        columns.insert(1, analysis.FrameColumn("kind", "choice", tuple(each.value for each in AreaKind)))
        rows = [{"ref": feature["id"], **feature["properties"]} for feature in features]
        return analysis.typed_frame(rows, shapes_of(features), columns, "ref")

    def by_district(self, spaces: Frame) -> Frame:
        """The figures of a frame of ``spaces()`` by district: how many, how large, how long empty, how dense.

        >>> register.by_district(register.spaces()).columns.tolist()[:3]
        ['name', 'spaces', 'free']
        """
        with self._reading() as con:
            districts = areas.districts(con)
        return analysis.by_district(spaces, districts)

    # ---- changing -----------------------------------------------------------------------------------

    def add(self, **values: Any) -> str:
        """Register one space; gives its ref. ``geometry`` is a shapely one in longitude and latitude.

        Raises:
            NotAllowed: the actor may not.
            Invalid, NotFound: a value does not fit its field, or there is no such field.
        """
        with self._writing() as con:
            return cases.add_space(con, self._actor, given.a_space(values), self._clock())

    def add_many(self, rows: Frame | Iterable[Mapping[str, Any]]) -> list[str]:
        """Register the rows of a frame, or of any table, all of them or none; gives their refs.

        A frame in another CRS is transformed; columns that are no fields are refused.
        """
        with self._writing() as con:
            made = [given.a_space(row) for row in given.rows_of(rows)]
            return adding.add_spaces(con, self._actor, [made], self._clock())

    def edit(self, ref: Values, *, note: str | None = None, **changes: Any) -> None:
        """Change fields of one space, or of several one after the other; ``None`` empties a field.

        Raises:
            NotAllowed: the actor may not.
            Invalid, NotFound: a value does not fit its field, or there is no such field or space; those before it in
                the list were changed.
        """
        changed = {name: given.plain(value, name) for name, value in changes.items()}
        with self._writing() as con:
            for each in several(ref):
                cases.edit_space(con, self._actor, each, changed, self._clock(), note=note)

    def move(self, ref: Values, move: str, *, note: str | None = None, retired_on: Day | None = None) -> None:
        """Make one move (verify, offer, withhold, retire ...) with a space or several, all of them or none.

        Raises:
            NotAllowed: the actor may not.
            WrongState: the move does not leave from the status of one of them.
        """
        with self._writing() as con:
            checked("move", [move], tuple(SPACE_LIFECYCLE.moves))
            refs = several(ref)
            cases.move_spaces(con, self._actor, refs, move, self._clock(), note=note, retired_on=day(retired_on))

    # ---- within -------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        """An idle connection, as use cases want it."""
        with in_words(), self._register.connect() as con:
            yield con

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the register."""
        with self._writing() as con, reading(con):
            yield con

    def _today(self, con: Connection) -> date:
        return get_settings(con).today(self._clock())

    def _person(self, email: str) -> Actor:
        with self._reading() as con:
            person = people.by_email(con, tidy_email(email))
            if person is None:
                raise NotFound("person.no_such_email", email=email)
            return person.actor()


def open_notebook(
    address: str | Path, actor: str | Actor | None = None, home: str | Path | None = None, *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Notebook:  # fmt: skip
    """Open a register, to be closed by ``with`` or by ``close``.

    Args:
        address: the path of a register's file, or ``postgresql://user:password@host/database?schema=name``.
        actor: in whose name things are changed: the e-mail address of a person of the office, or
            ``tempuse.access.SYSTEM`` for the program itself; without one nothing may be changed.
        home: the register's home (``TEMPUSE_HOME``); by default the folder beside the file.
        clock: gives the instant it is.

    Raises:
        NotFound: there is no such register, or no such person.
        Unusable: the register cannot be used: locked, of another version, its server down.
    """
    with in_words():
        register = open_register(str(address), Path(home).absolute() if home else None)
        try:
            with register.connect():
                return Notebook(register, actor, clock)
        except BaseException:
            register.close()
            raise
