"""Words about the settings as a whole; those about one of them stand with ``setting``."""

from web.messages.verbs import Verb

VERBS = {
    "edit": Verb(did="changed the settings"),
}
