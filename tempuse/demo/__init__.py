"""The demo: Rivermouth, an invented town; the documented sites of the ten REFILL cities; a large register."""

from tempuse.demo.folder import OpenedDemo, open_demo
from tempuse.demo.large import MOST
from tempuse.demo.make import made_on, make_demo, make_large

__all__ = ["MOST", "OpenedDemo", "made_on", "make_demo", "make_large", "open_demo"]
