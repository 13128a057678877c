"""Words about the register."""

from web.messages.verbs import Verb

MESSAGES = {
    "register.cannot_open": "The register {path} cannot be opened. Check that the folder is there and may be written to.",
    "register.damaged": "The register {path} is damaged. Bring back the last backup with “tempuse restore”.",
    "register.disk_error": "The disk that holds {path} does not work as it should: {detail}.",
    "register.disk_full": "The disk is full. Nothing was written. Make room and try again.",
    "register.exists": "There is a register at {path} already.",
    "register.incomplete": "The register {path} is damaged: it lacks {what}. Bring back the last backup with “tempuse restore”.",
    "register.is_folder": "{path} is a folder. A register is a file like register.gpkg.",
    "register.locked": "Somebody else is writing to the register, for longer than we could wait. Try again in a minute.",
    "register.missing": "There is no register at {path}. Make one with “tempuse create”.",
    "register.moved": "The register {path} was moved, deleted or replaced while it was in use. Nothing was written. Put it back, with the files that lay beside it; if another one shall take its place, start tempuse again.",
    "register.network_share": "{path} lies on a network share, or on a filesystem of which we do not know that it works "
    "({filesystem}). A register works only on a disk of this machine; for several machines, use PostgreSQL.",
    "register.newer": "The register {path} is from a newer tempuse (version {version}; this one knows {newest}). Install the newer tempuse.",
    "register.no_address": "This is not the address of a register. In PostgreSQL it is like postgresql://user@host/database?schema=name.",
    "register.no_group": "The register cannot be given to the group “{group}” (TEMPUSE_GROUP): there is no such group, or you are not in it.",
    "register.no_postgis": "PostgreSQL at {path} has no PostGIS. Ask its administrator to install it.",
    "register.no_schema": "The database {path} has no schema “{schema}”. Look at the address, or make a register there with “tempuse create”.",
    "register.not_ours": "{path} is not a register of tempuse.",
    "register.not_permitted": "The database does not let us do this: {detail}.",
    "register.not_there": "The database does not have what we need: {detail}.",
    "register.older": "The register {path} is from an older tempuse (version {version}). Bring it up with “tempuse upgrade”; it makes a backup first.",
    "register.read_only": "The register {path} is read-only. Nothing was written.",
    "register.server_down": "PostgreSQL does not answer: {detail}.",
    "register.setting_damaged": "The setting {name} of the register cannot be read. Set it anew with “tempuse settings {name} VALUE”.",
    "register.sign_in_refused": "PostgreSQL does not let us in: {detail}.",
    "register.there_already": "It is there already: {detail}.",
    "register.took_too_long": "PostgreSQL gave up because this took too long: {detail}.",
}

VERBS = {
    "create": Verb(did="made the register"),
    "upgrade": Verb(did="brought the register up to a newer version"),
    "republish": Verb(did="published everything anew"),
    "adopt_home": Verb(did="gave the register another home"),
}
