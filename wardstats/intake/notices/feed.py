"""Somebody's notices as a web feed (Atom, RFC 4287). Owns the format; who may read it is ``live.notices``' to ask."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from xml.etree import ElementTree

from wardstats.catalogue.load import Catalogue
from wardstats.core.languages import Translator
from wardstats.intake.notices.outbox import Notice
from wardstats.intake.notices.words import kind_names, told

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"


def atom_feed(notices: Sequence[Notice], catalogue: Catalogue, speak: Translator, site: str, person: str) -> bytes:
    """Return a feed.

    Args:
        notices: Newest first.
        site: Address of the board, with which links begin.
        person: Key of whom it is for: half of the feed's own id.
    """
    ElementTree.register_namespace("", _ATOM)
    block, kinds = catalogue.block, kind_names(speak)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {"xml:lang": speak.language})
    name = block.name.text(speak.language)
    _add(feed, "id", f"urn:uuid:{UUID(person)}")
    _add(feed, "title", speak("Notices: {name}", name=name))
    _add(feed, "updated", notices[0].made_at if notices else "1970-01-01T00:00:00+00:00")
    ElementTree.SubElement(_add(feed, "author"), f"{{{_ATOM}}}name").text = name
    _add(feed, "link", href=f"{site}/notices?lang={speak.language}")
    for notice in notices:
        found = told(notice, catalogue, speak)
        entry = _add(feed, "entry")
        _add(entry, "id", f"urn:uuid:{UUID(notice.id[:32])}")
        _add(entry, "title", found.title)
        _add(entry, "updated", notice.made_at)
        _add(entry, "link", href=f"{site}{found.address}")
        _add(entry, "category", term=notice.kind, label=kinds[notice.kind])
        _add(entry, "content", "\n".join(found.lines) or found.title, type="text")
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    child.text = text
    return child
