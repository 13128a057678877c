"""Where the sheets of an XLSX lie in it."""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def sheets_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """The parts of the sheets that are there, by their names; none where it is no XLSX."""
    names = set(archive.namelist())
    if not {_WORKBOOK, _RELATIONS} <= names:
        return {}
    targets = {each.get("Id"): each.get("Target", "") for each in ElementTree.fromstring(archive.read(_RELATIONS))}
    found = {}
    for each in ElementTree.fromstring(archive.read(_WORKBOOK)).iter():
        if each.tag.rpartition("}")[2] == "sheet":
            key = next((value for name, value in each.attrib.items() if name.rpartition("}")[2] == "id"), "")
            target = targets.get(key, "")
            found[each.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return {sheet: part for sheet, part in found.items() if part in names}
