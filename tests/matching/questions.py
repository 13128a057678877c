"""Questions at random whose numbers meet those of ``columns.rows``."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from tempuse.vocabulary import Facility, SpaceKind, Theme, UseCategory, Works
from tempuse.wanted import GROUPS, KEYS, Wanted
from tests.matching.columns import HERE, TODAY

_SWITCHED = st.frozensets(st.sampled_from(KEYS), max_size=6)
_DAYS = st.none() | st.sampled_from([TODAY + timedelta(each) for each in (0, 1, 45, 100, 200)])


def _some(of: object, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([str(each) for each in of]), max_size=most, unique=True).map(tuple)  # type: ignore[attr-defined]


@st.composite
def questions(draw: st.DrawFn) -> Wanted:
    """A question of a few parts; every part may come."""

    def part(values: st.SearchStrategy[object]) -> object:
        return draw(st.none() | values) if draw(st.booleans()) else None

    months = part(st.integers(1, 26))
    least = part(st.sampled_from([20, 49.99, 50, 60.25, 100, 240.0]))
    most = part(
        st.sampled_from([240, 500.0, 60.25] if least is None or least <= 60.25 else [240, 500.0])
    )  # else refused
    return Wanted(
        uses=draw(_some(UseCategory, 3)) if draw(st.booleans()) else (), kinds=draw(_some(SpaceKind, 2)),
        themes=draw(_some(Theme, 2)), area_least_m2=least, area_most_m2=most, persons=part(st.integers(1, 70)),
        starts_on=draw(_DAYS), starts_by=draw(_DAYS), term_months=months,
        term_days=None if months else part(st.sampled_from([1, 14, 29, 30, 365, 700])),
        hours=draw(st.sampled_from([0, 0b111 << 43, 0b1 << 44, 1 << 100, 1 << 3])),
        near=HERE if draw(st.booleans()) else None, within_m=part(st.sampled_from([500, 1_000, 2_000, 40_000])),
        districts=draw(st.lists(st.integers(1, 4).map(lambda n: f"AR-{n:04d}"), max_size=2).map(tuple)),
        facilities=draw(_some(Facility, 5)) if draw(st.booleans()) else (), ceiling_cm=part(st.integers(100, 550)),
        door_cm=part(st.integers(50, 320)), floor_load_kg_m2=part(st.integers(1, 1000)),
        noise_db=part(st.integers(0, 120)), quiet=draw(st.booleans()), soil=draw(st.booleans()),
        works=part(st.sampled_from([each.value for each in Works])),
        budget_month_cents=part(st.sampled_from([0, 100, 15_000, 30_000])),
        budget_start_cents=part(st.sampled_from([0, 100, 50_000])), group=part(st.sampled_from(GROUPS)),
        insured=part(st.booleans()), gives_public_access=part(st.booleans()), musts=draw(_SWITCHED),
        nices=draw(_SWITCHED),
    )  # type: ignore[arg-type] # fmt: skip
