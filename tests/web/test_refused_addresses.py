"""An address of a file or a feed that nobody understands: refused with a sentence, never widened."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/spaces.geojson?kind=castle", "We do not understand “castle” for the kind of space, and give nothing"),
        ("/spaces.csv?kind=plot&has=water,moat", "“moat” for what must be there"),
        ("/spaces.gpkg?box=here", "“here” for the box of the map"),
        ("/spaces.xlsx?for=people&noise=55", "We do not know what “noise” asks here"),
        ("/areas.geojson?kind=ocean", "“ocean” for the kind of space"),
        ("/spaces.csv?district=AR-9", "“AR-9” for the district"),
        ("/match.geojson?use=workshop&district=AR-9", "“AR-9” for the district"),
        ("/match.geojson?use=sculpture", "“sculpture” for the use"),
        ("/match.atom?use=workshop&has=moat", "“moat” for what must be there"),
    ],
)
def test_a_program_gets_nothing_rather_than_more_than_it_asked(address: str, said: str, client: FlaskClient) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 422
        assert said in answer.text
        assert "left it out" not in answer.text
    with client.get(re.sub(r"(kind|has|box|noise|use|district)=[^&]*", r"\1=", address)) as answer:
        assert answer.status_code == 200, "nothing written is nothing asked"
