"""The demo: Rivermouth, an invented town; the documented sites of the ten REFILL cities; a large register."""

from tempuse.demo.folder import OpenedDemo, open_demo
from tempuse.demo.large import MOST
from tempuse.demo.make import OFFICE, made_on, make_demo, make_large
from tempuse.demo.neighbours import tell_neighbours

__all__ = ["MOST", "OFFICE", "OpenedDemo", "made_on", "make_demo", "make_large", "open_demo", "tell_neighbours"]
