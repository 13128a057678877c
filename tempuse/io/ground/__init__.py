"""The town's own background out of an OpenStreetMap extract: its features, cut into vector tiles in one PMTiles file.

The layers and their kinds are those of Protomaps, so that a file made by others of that layout is drawn as well.
"""
