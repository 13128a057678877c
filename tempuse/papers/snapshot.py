"""What papers are made from: the facts of one decision as they were, plain enough for JSON.

The registry writes a snapshot when it decides, signs or hands over, and a paper can be made of it at any time, in any
language, whatever the rows say by then. What is missing or None is not said. Days are ISO (``2027-03-01``), instants
ISO in UTC, minutes whole from midnight (1560 is 02:00 on the morning after), amounts whole cents.
"""

from __future__ import annotations

from typing import TypedDict


class PartyOnPaper(TypedDict, total=False):
    """Who holds or grants: its name, its legal form and number, and how to reach it, a line for each."""

    ref: str
    name: str
    legal_form: str | None
    registered_no: str | None
    contact: str | None


class SpaceOnPaper(TypedDict, total=False):
    """One space that the permit holds."""

    ref: str
    name: str
    address: str | None
    area_m2: float | None


class HoursOnPaper(TypedDict, total=False):
    """Hours of some weekdays: bits from Monday = 1 to Sunday = 64; ``nth_in_month`` is 1 to 4, or -1 for the last."""

    weekdays: int
    from_minute: int
    until_minute: int
    every_weeks: int
    nth_in_month: int | None


class SeasonOnPaper(TypedDict):
    """A part of each year, both days (``05-01``) in it."""

    from_day: str
    until_day: str


class ConditionOnPaper(TypedDict, total=False):
    """One condition, and why it was made."""

    text: str
    because: str | None
    check_on: str | None


class TermsOnPaper(TypedDict, total=False):
    """One version of the terms; names as in the register. ``sha256`` is the hash that signatures and assents name."""

    version: int
    sha256: str
    from_on: str | None
    starts_on: str
    ends_on: str
    hours: list[HoursOnPaper]
    season: SeasonOnPaper | None
    except_on: list[str]
    extra_on: list[str]
    part: str | None
    uses_permitted: list[str]
    persons_most: int | None
    noise_limit_db: int | None
    quiet_from: int | None
    quiet_until: int | None
    open_to_public: bool | None
    insurance_required: bool
    sublet: str
    tenure: str
    instrument: str | None
    fee_cents: int | None
    fee_period: str | None
    cost_model: str
    deposit_cents: int | None
    notice_days_holder: int | None
    notice_days_grantor: int | None
    renew_ask_days: int | None
    longest_total_days: int | None
    on_sale: str
    conditions: list[ConditionOnPaper]


class DecisionOnPaper(TypedDict, total=False):
    """What was decided: ``kind`` is grant, refuse, change, end_early or revoke."""

    kind: str
    on: str
    by: str
    because: str | None
    object_until_on: str | None
    objections_to: str | None
    ended_on: str | None


class SignatureOnPaper(TypedDict, total=False):
    """One signature: ``party`` is holder or grantor, ``how`` is typed or paper."""

    party: str
    name: str
    role_said: str | None
    how: str
    at: str


class KeyOnPaper(TypedDict):
    """Keys of one kind."""

    label: str
    count: int


class MeterOnPaper(TypedDict, total=False):
    """One reading: ``kind`` is power, water, gas or heat."""

    kind: str
    number: str | None
    reading: float | str
    unit: str | None


class HandoverOnPaper(TypedDict, total=False):
    """Keys over or back (``way``): what was there, how it looked, what both said. Photos by their names."""

    way: str
    on: str
    present: str | None
    keys: list[KeyOnPaper]
    meters: list[MeterOnPaper]
    condition_text: str | None
    photos: list[str]
    agreed_by_holder_at: str | None
    agreed_by_grantor_at: str | None
    remarks_holder: str | None
    remarks_grantor: str | None
    deposit_returned_cents: int | None


class Snapshot(TypedDict, total=False):
    """Everything that the papers of one permit say.

    ``kind`` is the name of the kind of permit in words; ``language`` is the one that binds; ``made_at`` is the instant
    of the decision, signature or hand-over, so that a paper made again has the same bytes.
    """

    municipality: str
    site: str | None
    contact: str | None
    language: str
    time_zone: str
    currency: str
    made_at: str
    ref: str
    kind: str | None
    title: str
    purpose: str | None
    holder: PartyOnPaper
    grantor: PartyOnPaper | None
    spaces: list[SpaceOnPaper]
    terms: TermsOnPaper
    decision: DecisionOnPaper | None
    signatures: list[SignatureOnPaper]
    handover: HandoverOnPaper | None
