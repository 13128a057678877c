"""Which letters the languages around need beside a to z, which code pages hold them, and where they are spoken."""

from __future__ import annotations

import re
from itertools import islice

# Code pages of a script by how likely a list is written in one: Windows, ISO, DOS, the Mac.
_WEST = ("cp1252", "iso8859-15", "cp850", "mac-roman", "cp437")
_CENTRAL = ("cp1250", "iso8859-2", "cp852", "mac-latin2")
_BALTIC = ("cp1257", "iso8859-13", "cp775", "iso8859-4")
_GREEK = ("cp1253", "iso8859-7", "cp737", "cp869", "mac-greek")
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic", "koi8-u", "cp855")
_TURKISH = ("cp1254", "iso8859-9", "cp857", "mac-turkish")

_SLAVIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_HELLENIC = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"

# By language: its letters beyond a to z, and the code pages that hold them.
LANGUAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "en": ("éèêëàâçïöü", _WEST),
    "nl": ("éëïöüèáíóúêâàçäîô", _WEST),
    "fr": ("éèêëàâçîïôùûüœæÿ", _WEST),
    "de": ("äöüßéèàô", _WEST),
    "es": ("áéíóúüñçàèòï", _WEST),
    "it": ("àèéìíîòóùú", _WEST),
    "pt": ("áâãàçéêíóôõúü", _WEST),
    "da": ("æøåéöäü", (*_WEST, "cp865")),
    "sv": ("åäöéüàá", _WEST),
    "fi": ("äöåéü", _WEST),
    "is": ("áðéíóúýþæö", (*_WEST, "cp861", "mac-iceland")),
    "pl": ("ąćęłńóśźżöüé", _CENTRAL),
    "cs": ("áčďéěíňóřšťúůýžöüä", _CENTRAL),
    "sk": ("áäčďéíĺľňóôŕšťúýžöü", _CENTRAL),
    "hu": ("áéíóöőúüű", _CENTRAL),
    "ro": ("ăâîşţșțéáöüő", (*_CENTRAL, "iso8859-16", "mac-romanian")),
    "hr": ("čćđšžáéöü", (*_CENTRAL, "mac-croatian")),
    "sl": ("čšžćđáéöü", (*_CENTRAL, "mac-croatian")),
    "sq": ("çëéâ", (*_WEST, *_CENTRAL)),
    "lv": ("āčēģīķļņōŗšūž", _BALTIC),
    "lt": ("ąčęėįšųūž", _BALTIC),
    "et": ("äõöüšž", (*_BALTIC, *_WEST)),
    "mt": ("ċġħżàèìòù", ("iso8859-3",)),
    "tr": ("çğıöşüâîûİ", _TURKISH),
    "el": (_HELLENIC, _GREEK),
    "bg": (_SLAVIC, _CYRILLIC),
    "ru": (_SLAVIC + "ё", _CYRILLIC),
    "uk": (_SLAVIC + "ґєії", _CYRILLIC),
    "sr": (_SLAVIC + "ђјљњћџ", _CYRILLIC),
    "mk": (_SLAVIC + "ѓѕјљњќџ", _CYRILLIC),
}  # fmt: skip
# Every second letter of a text is one of these: pages that differ in case alone are told apart by them.
COMMON = frozenset("оаеитнрсвлαοιετνσηςρκλ")

SPOKEN: dict[str, tuple[str, ...]] = {
    "AL": ("sq",), "AT": ("de",), "BA": ("hr", "sr"), "BE": ("nl", "fr", "de"), "BG": ("bg",),
    "CH": ("de", "fr", "it"), "CY": ("el", "tr"), "CZ": ("cs",), "DE": ("de",), "DK": ("da",), "EE": ("et",),
    "ES": ("es",), "FI": ("fi", "sv"), "FR": ("fr",), "GB": ("en",), "GR": ("el",), "HR": ("hr",), "HU": ("hu",),
    "IE": ("en",), "IS": ("is",), "IT": ("it", "de"), "LI": ("de",), "LT": ("lt",), "LU": ("fr", "de"), "LV": ("lv",),
    "MD": ("ro", "ru"), "ME": ("hr", "sr"), "MK": ("mk", "sq"), "MT": ("mt", "en"), "NL": ("nl",), "NO": ("da",),
    "PL": ("pl",), "PT": ("pt",), "RO": ("ro", "hu"), "RS": ("sr", "hr"), "SE": ("sv",), "SI": ("sl",),
    "SK": ("sk", "hu"), "TR": ("tr",), "UA": ("uk", "ru"),
}  # fmt: skip


_TWICE = re.compile(r"[ÂÃÄÅ][^\x00-\x7f]")
# So much of a word is looked at, and so many words: a cell may be one word of some megabytes.
_LONGEST, _MOST = 40, 1000


def twice_in(content: bytes) -> str:
    """A word of a text in UTF-8 that some program has taken for Windows letters and written as UTF-8 once more."""
    text = content.decode("utf-8", "ignore")
    for match in islice(_TWICE.finditer(text), _MOST):
        start, end = match.span()
        before = re.split(r"\W", text[max(start - _LONGEST, 0) : start])[-1]
        word = before + match[0] + re.split(r"\W", text[end : end + _LONGEST], maxsplit=1)[0]
        try:
            word.encode("cp1252").decode("utf-8")
        except UnicodeError:
            continue
        return word
    return ""
