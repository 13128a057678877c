"""Whose the content of a file is, under which licence, and as of when: said in each format's own place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from tempuse.texts import without_controls


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a file says of itself; what is empty is not said.

    Attributes:
        publisher: who gives it out.
        attribution: how whoever uses it names the source.
        licence: the name of its licence.
        licence_url: where the text of the licence stands.
        as_of: the day on which it was so.
        source: the address it comes from.
        note: all that in a sentence or two, for people.
    """

    publisher: str = ""
    attribution: str = ""
    licence: str = ""
    licence_url: str = ""
    as_of: date | None = None
    source: str = ""
    note: str = ""

    def pairs(self, title: str = "") -> dict[str, str]:
        """What is said, under names that are the same in every format; the title of the content first."""
        said = {
            "title": title,
            "publisher": self.publisher,
            "attribution": self.attribution,
            "licence": self.licence,
            "licence_url": self.licence_url,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "source": self.source,
            "description": self.note,
        }
        if not any(text for name, text in said.items() if name != "title"):
            return {}
        return {name: without_controls(text) for name, text in said.items() if text}


def qgis_metadata(imprint: Imprint, title: str) -> str:
    """The same as QGIS keeps and shows it with a layer: the content of a .qmd file."""
    said = imprint.pairs(title)

    def element(name: str, text: str) -> str:
        return f"<{name}>{escape(text)}</{name}>" if text else ""

    contact = element("organization", said.get("publisher", ""))
    link = said.get("source", "")
    licence = " ".join(said[name] for name in ("licence", "licence_url") if name in said)
    revised = f'<dates><date type="Revised" value="{said["as_of"]}T00:00:00Z"/></dates>' if "as_of" in said else ""
    return "".join((
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\">\n",
        "<type>dataset</type>", element("title", title), element("abstract", said.get("description", "")),
        f"<contact>{contact}<role>publisher</role></contact>" if contact else "",
        f'<links><link name="source" type="WWW:LINK" url={quoteattr(link)}/></links>' if link else "",
        element("rights", said.get("attribution", "")), element("license", licence), revised, "\n</qgis>\n",
    ))  # fmt: skip


def gdal_metadata(imprint: Imprint, title: str) -> str:
    """The same as GDAL keeps and shows it with a layer of a GeoPackage."""
    items = "".join(f"<MDI key={quoteattr(name)}>{escape(text)}</MDI>" for name, text in imprint.pairs(title).items())
    return f"<GDALMultiDomainMetadata><Metadata>{items}</Metadata></GDALMultiDomainMetadata>"
