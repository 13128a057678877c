"""Words about files that go out."""

MESSAGES = {
    "export.crs_elsewhere": "Some places lie where {crs} has no coordinates. Choose the coordinate reference system of the place.",
    "export.disk_full": "The disk that holds {path} is full. The file was not written. Make room and try again.",
    "export.failed": "{path} could not be written: {detail}.",
    "export.folder_missing": "There is no folder {folder}. Make it first, or choose another.",
    "export.format_has_no_crs": "A {format} file is always in longitude and latitude; it cannot be in {crs}. Leave the CRS out, or choose gpkg.",
    "export.in_use": "{path} is open in another program. Close it there, or export under another name. The file is as it was.",
    "export.incomplete": "{path} was not written: {found} of {wanted} features arrived. Is the disk full?",
    "export.is_folder": "{path} is a folder. Write the name of a file in it.",
    "export.is_register": "{path} is a register. An export never overwrites a register; choose another name.",
    "export.log_left": "{path} is left from another file, whose last changes it may hold. Move it away, or export under another name. Nothing was written.",
    "export.no_districts": "There is no district “{name}”: this register has no districts yet. Load them with “tempuse areas”.",
    "export.no_such_district": "There is no district “{name}”. There are: {districts}.",
    "export.no_such_value": "“{value}” is not a value of {field}. Choose from: {choices}.",
    "export.not_for_people": "A table for people can be written as {formats}. Choose one of these, or leave it to programs.",
    "export.not_writable": "The folder {folder} may not be written to. Choose another folder.",
    "export.too_many_rows": "A spreadsheet holds at most {most} rows. Choose csv or gpkg, or a filter.",
    "export.unknown_format": "There is no format “{name}”. Choose from: {formats}.",
    "export.unknown_suffix": "{name} does not say which format it shall have. End the name with one of: {suffixes}.",
}
