"""The lists of areas."""

from __future__ import annotations

from tempuse.vocabulary.terms import Term


class AreaKind(Term):
    """What an area is."""

    MUNICIPALITY = "municipality", "Municipality", "The boundary of a municipality."
    DISTRICT = "district", "District", "A part of the municipality with a name."
    NEIGHBOURHOOD = "neighbourhood", "Neighbourhood", "A part of a district."
    WATER = "water", "Water", "Background of the map."
    GREEN = "green", "Green", "Background of the map: parks and woods."
