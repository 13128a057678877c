"""What goes beside the features of a file: metadata in a GeoPackage, files beside a Shapefile and a CSV."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from tempuse import files
from tempuse.io.write.flat import Content
from tempuse.io.write.imprint import gdal_metadata, qgis_metadata
from tempuse.io.write.table_schema import table_schema

# GeoPackage 1.3, annex F.8: who wants to know which standard a text keeps to, finds it by its address.
_METADATA = """
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT,
  row_id_value INTEGER, timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""
_EXTENSION = "http://www.geopackage.org/spec120/#extension_metadata"
_STANDARDS = (("http://gdal.org", gdal_metadata), ("http://mrcc.com/qgis.dtd", qgis_metadata))


def add_metadata(con: sqlite3.Connection, content: Content) -> None:
    """Say in a GeoPackage whose its layer is, for GDAL and for QGIS; within the caller's transaction."""
    if not content.imprint.pairs():
        return
    for statement in _METADATA.split(";\n"):
        con.execute(statement)
    for table in ("gpkg_metadata", "gpkg_metadata_reference"):
        con.execute(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')", (table, _EXTENSION)
        )
    for number, (standard, made) in enumerate(_STANDARDS, 1):
        row = (number, standard, made(content.imprint, content.title))
        con.execute("INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, 'text/xml', ?)", row)
        con.execute(
            "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, md_file_id) VALUES ('table', ?, ?)",
            (content.layer, number),
        )


def beside_shapefile(path: Path, content: Content) -> None:
    """What QGIS shows of a layer, beside it."""
    if content.imprint.pairs():
        files.write_whole(path.with_suffix(".qmd"), qgis_metadata(content.imprint, content.title).encode())


def about_text(path: Path, content: Content) -> None:
    """The same as a text that any person opens."""
    said = content.imprint.pairs(content.title)
    if said:
        files.write_whole(path, "".join(f"{name}: {text}\n" for name, text in said.items()).encode())


def beside_csv(path: Path, content: Content) -> None:
    """A data package: whose the table is, and what its columns mean, for programs (frictionlessdata.io)."""
    if content.imprint.pairs():
        package = json.dumps(data_package(content, path.name), ensure_ascii=False, indent=1)
        files.write_whole(path.with_name(f"{path.stem}.datapackage.json"), f"{package}\n".encode())


def data_package(content: Content, file: str) -> dict[str, Any]:
    """The description of a CSV by this name."""
    said = content.imprint.pairs(content.title)
    licence = {"path": said.get("licence_url"), "title": said.get("licence")}
    if not licence["path"]:
        licence = {"name": said.get("licence")}
    source = {"title": said.get("attribution") or said.get("publisher"), "path": said.get("source")}
    package = {
        "profile": "tabular-data-package", "name": content.layer, "title": said.get("title"),
        "description": said.get("description"), "created": said.get("as_of"),
        "licenses": [_known(licence)] if "licence" in said else None,
        "contributors": [{"title": said["publisher"], "role": "publisher"}] if "publisher" in said else None,
        "sources": [_known(source)] if source["title"] else None,
        "resources": [{
            "profile": "tabular-data-resource", "name": content.layer, "path": file, "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8", "schema": table_schema(content.columns, content.crs),
        }],
    }  # fmt: skip
    return _known(package)


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
