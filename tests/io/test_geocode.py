"""The address service: asked only when one is named; its silence is a sentence."""

from __future__ import annotations

import pytest
import shapely

from tempuse.errors import Unusable
from tempuse.io.places import geocode
from tempuse.io.places.extents import extent_around
from tempuse.settings import Settings
from tests.services import INSIDE, Service

CITY = extent_around(shapely.box(3.6, 50.98, 3.85, 51.15), "Rivermouth")
OUTSIDE = {"lat": "48.85", "lon": "2.35", "display_name": "9, Quay Lane, elsewhere"}


def test_an_address_is_found(service: str) -> None:
    settings = Settings(geocoder="nominatim", geocoder_url=service, country="BE")
    found = geocode.find_address(settings, "9 Quay Lane, Rivermouth", CITY)
    assert found == geocode.Proposal(3.7301, 51.0512, INSIDE["display_name"])
    assert Service.asked[0]["q"] == "9 Quay Lane, Rivermouth"
    assert Service.asked[0]["countrycodes"] == "be"


@pytest.mark.parametrize("name", ["photon", "banfrance", "pelias"])
def test_the_other_services_are_understood(service: str, name: str) -> None:
    settings = Settings(geocoder=name, geocoder_url=service)
    Service.speaks = name
    found = geocode.find_address(settings, "9 Quay Lane, Rivermouth", CITY)
    assert found is not None
    assert (found.lon, found.lat) == (3.7301, 51.0512)


def test_an_address_elsewhere_is_not_proposed(service: str) -> None:
    settings = Settings(geocoder="nominatim", geocoder_url=service)
    Service.found = [OUTSIDE]
    assert geocode.find_address(settings, "9 Quay Lane", CITY) is None
    Service.found = [OUTSIDE, INSIDE]
    found = geocode.find_address(settings, "9 Quay Lane", CITY)
    assert found is not None
    assert found.label == INSIDE["display_name"]


def test_an_address_that_nobody_knows_gives_nothing(service: str) -> None:
    Service.found = []
    assert geocode.find_address(Settings(geocoder="nominatim", geocoder_url=service), "9 Quay Lane") is None


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_a_service_that_refuses_is_said(service: str, status: int) -> None:
    Service.status = status
    with pytest.raises(Unusable) as caught:
        geocode.find_address(Settings(geocoder="nominatim", geocoder_url=service), "9 Quay Lane")
    assert caught.value.message == "geocoder.no_answer"


def test_a_service_that_answers_nonsense_is_said(service: str) -> None:
    Service.found = [{"lat": "far", "lon": "away", "display_name": ""}]
    with pytest.raises(Unusable):
        geocode.find_address(Settings(geocoder="nominatim", geocoder_url=service), "9 Quay Lane")


def test_a_service_that_is_silent_is_given_up(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geocode, "SECONDS", 0.3)
    Service.wait = 1.0
    with pytest.raises(Unusable):
        geocode.find_address(Settings(geocoder="nominatim", geocoder_url=service), "9 Quay Lane")


def test_a_service_that_is_not_there_is_said() -> None:
    with pytest.raises(Unusable):
        geocode.find_address(Settings(geocoder="photon", geocoder_url="http://127.0.0.1:9"), "9 Quay Lane")


def test_nothing_is_asked_when_the_city_has_named_no_service(service: str) -> None:
    settings = Settings(geocoder="", geocoder_url=service)
    assert not geocode.is_configured(settings)
    with pytest.raises(Unusable):
        geocode.find_address(settings, "9 Quay Lane")
    assert Service.asked == []
