"""Where the data files of tempuse lie: ``data/`` beside the package in a checkout, within it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder that holds ``crosswalks`` and ``demo``.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    for candidate in (_PACKAGE / "data", _PACKAGE.parent / "data"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"tempuse came without its data folder: {_PACKAGE / 'data'}")


def folder(name: str) -> Path:
    """A folder of data files: ``folder("crosswalks")``.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    found = root() / name
    if not found.is_dir():
        raise FileNotFoundError(str(found))
    return found


def path(name: str) -> Path:
    """One data file by its path below the data folder: ``path("demo/rivermouth-areas.geojson")``.

    Raises:
        FileNotFoundError: there is no such file.
    """
    found = root() / name
    if not found.is_file():
        raise FileNotFoundError(str(found))
    return found
