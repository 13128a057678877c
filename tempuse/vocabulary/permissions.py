"""What an actor may be allowed."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What can be allowed: noun:verb. ``tempuse.access`` says to whom."""

    PUBLIC_READ = "public:read"
    ACCOUNT_ENTER = "account:enter"
    ACCOUNT_EDIT = "account:edit"
    OFFICE_ENTER = "office:enter"
    SPACE_READ = "space:read"
    SPACE_EDIT = "space:edit"
    SPACE_VERIFY = "space:verify"
    SPACE_OFFER = "space:offer"
    SPACE_WITHHOLD = "space:withhold"
    SPACE_RETIRE = "space:retire"
    SPACE_IMPORT = "space:import"
    SPACE_ERASE = "space:erase"
    AREA_EDIT = "area:edit"
    REPORT_SEND = "report:send"
    REPORT_JUDGE = "report:judge"
    SETTINGS_EDIT = "settings:edit"
    PERSON_EDIT = "person:edit"
    PERMIT_READ = "permit:read"
    PERMIT_REQUEST = "permit:request"
    PERMIT_ANSWER = "permit:answer"
    PERMIT_DECIDE = "permit:decide"
    PERMIT_SIGN = "permit:sign"
    PERMIT_ASSENT = "permit:assent"
    PERMIT_REVOKE = "permit:revoke"
    PERMIT_HAND_OVER = "permit:hand_over"
    PERMIT_END = "permit:end"
