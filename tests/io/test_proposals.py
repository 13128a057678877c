"""A town's own addresses, proposed as somebody types one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tempuse.io.places.proposals import MOST, AddressBook

LIST = """address,postcode,locality,longitude,latitude
Kerkstraat 10,9000,Gent,3.72,51.05
Kerkstraat 9,9000,Gent,3.721,51.05
Kerkstraat 9,9050,Ledeberg,3.74,51.03
Oude Kerkstraat 1,9000,Gent,3.73,51.06
Quai de l’Été 12,,,3.71,51.04
"""


@pytest.fixture
def book(tmp_path: Path) -> AddressBook:
    path = tmp_path / "addresses.csv"
    many = "".join(f"Langestraat {number},9000,Gent,3.7,51.0\n" for number in range(50, 0, -1))
    path.write_text(LIST + many, encoding="utf-8")
    return AddressBook(path)


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("ke", []),
        ("", []),
        ("kerk", ["Kerkstraat 9, 9000 Gent", "Kerkstraat 9, 9050 Ledeberg", "Kerkstraat 10, 9000 Gent",
                  "Oude Kerkstraat 1, 9000 Gent"]),
        ("KERKSTRAAT  9", ["Kerkstraat 9, 9000 Gent", "Kerkstraat 9, 9050 Ledeberg"]),
        ("quai de l'ete", ["Quai de l’Été 12"]),
        ("straat", []),
        ("Nowhere", []),
    ],
)  # fmt: skip
def test_what_begins_so_is_proposed_in_the_order_of_house_numbers(
    book: AddressBook, typed: str, proposed: list[str]
) -> None:
    assert [each.words for each in book.beginning(typed)] == proposed


def test_no_more_is_proposed_than_can_be_read(book: AddressBook) -> None:
    assert [each.words for each in book.beginning("langestraat")] == [
        f"Langestraat {number}, 9000 Gent" for number in range(1, MOST + 1)
    ]


@pytest.mark.parametrize(
    ("typed", "lon"),
    [
        ("kerkstraat 10", 3.72), ("Kerkstraat 9, 9050 Ledeberg", 3.74), ("Kerkstraat 9", None), ("Kerkstraat", None),
        ("kerkstraat 1", None), ("51.05, 3.72", None), ("", None),
    ],
)  # fmt: skip
def test_an_address_is_found_when_it_is_one(book: AddressBook, typed: str, lon: float | None) -> None:
    found = book.find(typed)
    assert (found.lon if found else None) == lon
