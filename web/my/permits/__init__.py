"""The requests and permits of one's organisations, and what their parties do with them."""

from web.my.permits import agreeing, answering, asking, changing, filing, handing, page, papers, renewing, within

__all__ = ["agreeing", "answering", "asking", "changing", "filing", "handing", "page", "papers", "renewing", "within"]
