"""Which of GDAL's drivers reads which kind of file, in one place; all its others are taken out before GDAL is loaded.

GDAL opens a file with whichever of its drivers recognises it. Some of them do not read a file but obey it: they
open other files, ask other machines, run pipelines. What a file is, we say; the file has no voice in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

# The kinds that ``formats`` finds, and the one driver that reads each.
DRIVERS: dict[str, str] = {
    "geojson": "GeoJSON", "geojsonseq": "GeoJSONSeq", "topojson": "TopoJSON", "esrijson": "ESRIJSON", "gpkg": "GPKG",
    "shapefile": "ESRI Shapefile", "flatgeobuf": "FlatGeobuf", "kml": "LIBKML", "osm": "OSM", "gml": "GML",
    "gpx": "GPX", "dxf": "DXF", "mapinfo": "MapInfo File", "filegdb": "OpenFileGDB",
}  # fmt: skip
JSON_KINDS = frozenset({"geojson", "geojsonseq", "topojson", "esrijson"})
# What our own writers use beside them: a table in memory.
_OURS = ("MEM", "Memory")

# Every driver for features that GDAL has had since 3.0, with all its plugins.
KNOWN: tuple[str, ...] = (
    "ADBC", "AIVector", "AmigoCloud", "ARCGEN", "Arrow", "AVCBin", "AVCE00", "BNA", "CAD", "Carto", "Cloudant",
    "CouchDB", "CSV", "CSW", "DB2ODBC", "DGN", "DGNv8", "DODS", "DWG", "DXF", "EDIGEO", "EEDA", "Elasticsearch",
    "ESRI Shapefile", "ESRIJSON", "FileGDB", "FITS", "FlatGeobuf", "GDALG", "Geoconcept", "GeoJSON", "GeoJSONSeq",
    "Geomedia", "GeoRSS", "GFT", "GME", "GML", "GMLAS", "GMT", "GNMDatabase", "GNMFile", "GPKG", "GPSBabel",
    "GPSTrackMaker", "GPX", "GRASS", "GTFS", "GTM", "HANA", "HTF", "HTTP", "IDB", "Idrisi", "ILI", "INGRES",
    "Interlis 1", "Interlis 2", "JML", "JP2ECW", "JP2KAK", "JP2Lura", "JP2MrSID", "JP2OpenJPEG", "JPEG2000", "JSONFG",
    "KML", "LIBKML", "LIBOPENCAD", "LVBAG", "MapInfo File", "MapML", "MBTiles", "MEM", "Memory", "MiraMonVector",
    "MongoDB", "MongoDBv3", "MSSQLSpatial", "MVT", "MySQL", "NAS", "netCDF", "NGW", "OAPIF", "OCI", "ODBC", "ODS",
    "OGCAPI", "OGDI", "OGR_DODS", "OGR_GMT", "OGR_OGDI", "OGR_PDS", "OGR_SDE", "OGR_VRT", "OpenAir", "OpenFileGDB",
    "OpenJPEG", "OSM", "Parquet", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PGeo", "PLSCENES", "PMTiles", "PostgreSQL",
    "PostgreSQLRaster", "REC", "S57", "SDE", "SEGUKOOA", "SEGY", "Selafin", "SOSI", "SQLite", "SUA", "SVG", "SXF",
    "TIGER", "TileDB", "TopoJSON", "UK .NTF", "VDV", "VFK", "VICAR", "VRT", "Walk", "WAsP", "WFS", "WFS3", "XLS",
    "XLSX", "XODR", "XPlane", "Zarr",
)  # fmt: skip


def environment(kinds: Iterable[str] = DRIVERS) -> dict[str, str]:
    """What must stand in the environment before GDAL is loaded: no drivers but those of these kinds, and no network.

    Fiona and pyogrio bring a GDAL each; both read it when they are imported first, and never again.
    """
    kept = {DRIVERS[kind] for kind in kinds}
    if kept == set(DRIVERS.values()):
        kept |= set(_OURS)
    skipped = ",".join(name for name in KNOWN if name not in kept)
    return {
        "GDAL_SKIP": skipped,
        "OGR_SKIP": "",  # GDAL falls over a driver that it is to leave out twice
        "CPL_LOG": os.devnull,  # where GDAL would tell of every name in that list which it does not know
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_PAM_ENABLED": "NO",
        "GDAL_VRT_ENABLE_PYTHON": "NO",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none-at-all",
        "CPL_VSIL_CURL_ALLOWED_FILENAME": "/none-at-all",
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_HTTP_CONNECTTIMEOUT": "1",
        "GDAL_HTTP_TIMEOUT": "1",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
        "LIBKML_RESOLVE_STYLE": "NO",
        # Neither fetches a GML what it refers to, nor is anything written beside it.
        "GML_SKIP_RESOLVE_ELEMS": "ALL",
        "GML_DOWNLOAD_SCHEMA": "NO",
        "GML_WRITE_GFS": "NO",
        "GML_SAVE_RESOLVED_TO": "",
        "DXF_CLOSED_LINE_AS_POLYGON": "YES",
        "PROJ_NETWORK": "OFF",
    }
