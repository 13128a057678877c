"""Licences of open data by the names that cities write, and the addresses where their texts stand."""

from __future__ import annotations

import re

_CC = "https://creativecommons.org/licenses"
# The names without case, blanks and signs; several names in one key are parted by blanks.
_KNOWN = {
    "cc0 cc010 cc010universal": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ccby40 ccattribution40 ccattribution40international": f"{_CC}/by/4.0/",
    "ccbysa40 ccattributionsharealike40 ccattributionsharealike40international": f"{_CC}/by-sa/4.0/",
    "ccby30": f"{_CC}/by/3.0/",
    "ccbysa30": f"{_CC}/by-sa/3.0/",
    "odbl odbl10 opendatabaselicence opendatabaselicence10": "https://opendatacommons.org/licenses/odbl/1-0/",
    "odcby odcby10": "https://opendatacommons.org/licenses/by/1-0/",
    "pddl pddl10": "https://opendatacommons.org/licenses/pddl/1-0/",
    "oglv3 oglv30 ogl30 ogluk30 ogl3 opengovernmentlicencev30": (
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    ),
    "licenceouverte20 licenceouvertev20 etalab20 licenceouverteopenlicence20 lov2": (
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
    ),
    "dldeby20 datenlizenzdeutschlandnamensnennung20 datenlizenzdeutschlandnamensnennungversion20": (
        "https://www.govdata.de/dl-de/by-2-0"
    ),
    "dldezero20 datenlizenzdeutschlandzero20 datenlizenzdeutschlandzeroversion20": (
        "https://www.govdata.de/dl-de/zero-2-0"
    ),
    "iodl20 iodlv20": "https://www.dati.gov.it/content/italian-open-data-license-v20",
    "nlod20": "https://data.norge.no/nlod/en/2.0",
    "modellicentiegratishergebruik modellicentiegratishergebruikv10": (
        "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0"
    ),
}
# What a city may choose from, as it is written.
USUAL = (
    "CC BY 4.0", "CC0 1.0", "CC BY-SA 4.0", "ODbL 1.0", "ODC-By 1.0", "PDDL 1.0", "Licence Ouverte 2.0",
    "Datenlizenz Deutschland – Namensnennung 2.0", "Datenlizenz Deutschland – Zero 2.0", "IODL 2.0", "NLOD 2.0",
    "OGL 3.0", "Modellicentie gratis hergebruik v1.0",
)  # fmt: skip
_ADDRESS_OF = {name: address for names, address in _KNOWN.items() for name in names.split()}
_HTTP = re.compile(r"https?://[^\s\"'<>,;]+")


def address_of(licence: str) -> str:
    """Where the text of a licence stands: an address within its name, or that of one we know; else empty."""
    if written := _HTTP.search(licence):
        return written[0].rstrip(").")
    name = licence.casefold().replace("creative commons", "cc").replace("license", "licence")
    return _ADDRESS_OF.get(re.sub(r"[^a-z0-9]", "", name), "")
