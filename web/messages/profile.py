"""Words about standards that a file is written by."""

MESSAGES = {
    "profile.cut": "The text was cut.",
    "profile.ended": "The space is retired, and the standard has no place for that.",
    "profile.format": "The profile {profile} can be written as: {formats}.",
    "profile.has_its_crs": "The profile {profile} is always in {crs}. Leave the CRS out.",
    "profile.left_blank": "The cell was left empty.",
    "profile.left_out": "The row was left out.",
    "profile.mended": "They are separated by | now.",
    "profile.misfit": "The value does not fit the standard.",
    "profile.missing": "The standard demands this value, and the register does not have it.",
    "profile.no_such_column": "The profile {profile} has no column “{column}”.",
    "profile.separator": "The standard separates several values by |.",
    "profile.set": "Write it like COLUMN=VALUE, not “{text}”.",
    "profile.too_long": "The text is longer than the standard allows.",
    "profile.twice": "Another row has the same reference.",
    "profile.unknown": "There is no profile “{name}” to write. There are: {names}.",
}
