"""Words about the home beside a register."""

MESSAGES = {
    "home.by_link": "The home {path} bears the name of a link. It is looked for beside the register itself now: rename it to {home}, or set TEMPUSE_HOME to it.",
    "home.database": "A database in TEMPUSE_HOME cannot be used: {detail}.",
    "home.key_empty": "The secret key {path} is empty or too short to sign with. Bring it back from a backup, or remove it: then a new one is made, and everybody signs in anew.",
    "home.key_unreadable": "The secret key {path} cannot be used: {detail}. It must belong to the user that tempuse runs as.",
    "home.not_told": "A register in PostgreSQL has no folder beside it. Say with TEMPUSE_HOME where its keys, accounts and attachments are kept: always the same folder, on a disk of this machine. (Without it, older versions used “tempuse.home” in the folder that a command was started in.)",
    "home.other": "The folder {path} is not the home of the register {address}: its key, accounts and attachments are elsewhere. Set TEMPUSE_HOME to the folder that it has used until now. If that is lost and this one shall take its place, say so with “tempuse doctor --adopt-home”.",
    "home.queue": "The queue of tasks cannot be written: {detail}.",
}
