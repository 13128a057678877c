"""Words about ``tempuse doctor``."""

MESSAGES = {
    "doctor.accounts_open": "{path} can be read by others. Make it yours alone with “chmod 600 {path}”.",
    "doctor.all_well": "All is well.",
    "doctor.disk_low": "Only {free} MB are left on the disk that holds {path}. An import of a large list needs more.",
    "doctor.front_end": "The front-end libraries are missing: the pages have no style and no map. Install tempuse again with “pip install .” in its folder; it fetches them from the npm registry.",
    "doctor.home_open": "The folder {path} can be read by others. It holds the key, the accounts and letters: make it yours alone with “chmod 700 {path}”.",
    "doctor.key_open": "The secret key {path} can be read by others. Make it yours alone with “chmod 600 {path}”.",
    "doctor.mail_aside": "{count} letters waited to be sent when the backup was made. Most of them went out then, so they were not sent again: they lie in {path}. Look whether one is missing, then remove them.",
    "doctor.mail_away": "{count} letters wait, because the mail server could not be reached at the last try ({problem}). They are tried again by themselves; look after the server, and at TEMPUSE_SMTP.",
    "doctor.mail_failed": "{count} letters could not be sent and lie in {path}. Look after the mail server, then press “Try again” in the settings.",
    "doctor.mail_stuck": "{count} letters wait although their time has come: no worker is running. Start “tempuse serve” or “tempuse worker”.",
    "doctor.mail_waiting": "{count} letters wait in {path}, because no mail server is set. Set TEMPUSE_SMTP, or send them by hand.",
    "doctor.no_areas": "No districts are loaded: the map has no background, and places cannot be checked. Load them with “tempuse areas FILE”.",
    "doctor.no_municipality": "The municipality has no name yet. Set it with “tempuse settings municipality NAME”.",
    "doctor.nobody": "Nobody can sign in yet. Make a planner with “tempuse user add NAME EMAIL”.",
    "doctor.not_writable": "The folder {path} cannot be written to.",
    "doctor.register_open": "The register {path} can be read by everybody on this machine, with owners and notes. Close it with “chmod o= {path}”; TEMPUSE_GROUP names the group of those who may read it.",
    "doctor.tasks_aside": "The queue of tasks was damaged once and begun anew. The old one is {path}; letters and imports are not in it. Remove it when you have looked.",
    "doctor.tasks_damaged": "The queue of tasks {path} is damaged ({detail}). Start tempuse again: it moves the file aside and begins a new one.",
    "doctor.translations": "The translations are not compiled: pages speak English only. Install tempuse again with “pip install .” in its folder.",
    "doctor.version": "tempuse {version}, Python {python}, SQLite {sqlite}, register {address}.",
}
