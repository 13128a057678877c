"""Parts of the house of which every address names what it asks: no door is open because somebody forgot it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tempuse.vocabulary import Permission

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Rooms(Blueprint):
    """A blueprint whose views are written with their permission: ``@office.get("/spaces", Permission.SPACE_READ)``.

    The guard (``web/accounts/guard.py``) asks for it before the view is called.

    Attributes:
        is_public: whether it is everybody's part of the house, where it does not matter who is signed in.
        permissions: what each view asks, by its endpoint with the blueprint's name.
    """

    def __init__(self, name: str, import_name: str, *, is_public: bool = False, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.is_public = is_public
        self.permissions: dict[str, Permission] = {}

    def route(self, rule: str, permission: Permission, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """Give a view an address, for whoever holds the permission."""

        def declare(view: View) -> View:
            self.add_url_rule(rule, options.pop("endpoint", None), view, permission=permission, **options)
            return view

        return declare

    def get(self, rule: str, permission: Permission, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """Give a view that changes nothing its address."""
        return self.route(rule, permission, methods=["GET"], **options)

    def post(self, rule: str, permission: Permission, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """Give a view that only changes something its address."""
        return self.route(rule, permission, methods=["POST"], **options)

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None, *, permission: Permission | None = None, **options: Any,
    ) -> None:  # fmt: skip
        """Give a view an address.

        Raises:
            TypeError: it names no permission, or another one than the view's other addresses.
        """
        name = f"{self.name}.{endpoint or getattr(view_func, '__name__', '')}"
        if not isinstance(permission, Permission):
            raise TypeError(f"{name} at {rule} names no permission")
        if self.permissions.setdefault(name, permission) is not permission:
            raise TypeError(f"{name} at {rule} asks {permission}, elsewhere {self.permissions[name]}")
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)
