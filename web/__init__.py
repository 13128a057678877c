"""tempuse's web app: a request becomes one call, the answer becomes a page."""

from web.app import create_app

__all__ = ["create_app"]
