"""The requests and permits of one's organisations, and what their parties do with them."""

from web.my.permits import agreeing, asking, changing, page

__all__ = ["agreeing", "asking", "changing", "page"]
