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
    IMPORT_READ = "import:read"
    AREA_READ = "area:read"
    AREA_EDIT = "area:edit"
    REPORT_SEND = "report:send"
    REPORT_READ = "report:read"
    REPORT_JUDGE = "report:judge"
    SETTINGS_READ = "settings:read"
    SETTINGS_EDIT = "settings:edit"
    PERSON_READ = "person:read"
    PERSON_EDIT = "person:edit"
    ORGANISATION_READ = "organisation:read"
    ORGANISATION_TEND = "organisation:tend"
    ORGANISATION_EDIT = "organisation:edit"
    MY_READ = "my:read"
    MY_EDIT = "my:edit"
