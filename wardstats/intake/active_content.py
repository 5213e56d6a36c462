"""What in a workbook would act by itself once it is opened: told by what parts hold, never by what they are called.

Macros, sheets of Excel-4 macros, scripts, embedded objects and packages, data exchange (DDE), links to other files and
formulas that ask the network. A checker downloads the file as it was handed in, so the whole of it is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat

from wardstats.core.languages import Translator
from wardstats.intake.office_parts import parse

Kind = Literal["macro", "object", "link", "formula", "password"]
MAX_FORMULA = 8_192  # letters; Excel takes no more

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How a file begins that is no picture, no setting and no XML: archives, programs, documents.
_FILES = (_OLE, b"PK\x03\x04", b"PK\x05\x06", b"MZ", b"\x7fELF", b"%PDF", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"#!")
_VBA = ("_VBA_PROJECT".encode("utf-16-le"), "VBA".encode("utf-16-le"))
_RELATIONS: dict[str, Kind] = {
    "vbaproject": "macro", "vbaprojectsignature": "macro", "wordvbadata": "macro", "xlmacrosheet": "macro",
    "xlintlmacrosheet": "macro", "dialogsheet": "macro", "attachedtoolbars": "macro",
    "oleobject": "object", "package": "object", "control": "object", "activexcontrolbinary": "object",
    "externallink": "link", "externallinkpath": "link", "xlexternallinkpath": "link", "connections": "link",
    "querytable": "link", "attachedtemplate": "link",
}  # fmt: skip
_TYPES: dict[str, Kind] = {
    "macroenabled": "macro", "vbaproject": "macro", "macrosheet": "macro", "dialogsheet": "macro",
    "oleobject": "object", "activex": "object", "externallink": "link", "connections+xml": "link",
    "sun.star.basic": "macro", "sun.star.script": "macro",
}  # fmt: skip
_ELEMENTS: dict[str, Kind] = {  # by namespace's last word and name
    "macrosheet": "macro", "dialogsheet": "macro", "event-listener": "macro", "ocx": "object", "oleObject": "object",
    "object-ole": "object", "applet": "object", "plugin": "object", "floating-frame": "object", "externalLink": "link",
    "ddeLink": "link", "oleLink": "link", "connections": "link", "dde-link": "link", "dde-source": "link",
    "dde-connection-decl": "link", "table-source": "link", "cell-range-source": "link", "encryption-data": "password",
}  # fmt: skip
_SCRIPTS = ("http://openoffice.org/2000/script module", "http://openoffice.org/2004/office module",
            "http://openoffice.org/2000/library element")  # fmt: skip
_DRAWN = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
_FORMULAS = frozenset(
    ("f", "definedName", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula")
)
_NAMING = frozenset(("Relationship", "Default", "Override", "file-entry"))
_FORMULA, _HREF = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 formula", "http://www.w3.org/1999/xlink href"
_POINTING = frozenset((_FORMULA, _HREF))
_CALLS = re.compile(
    r"(?<![A-Z0-9_])(WEBSERVICE|FILTERXML|RTD|DDE|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|IMAGE|PY|STOCKHISTORY"
    r"|CUBE[A-Z]+|IMPORT(?:XML|DATA|FEED|HTML|RANGE))\s*\(",
    re.IGNORECASE,
)
_EXCHANGE = re.compile(r"\w'?\|[^|]*![A-Za-z$]")
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data|shell|search|ms-[a-z-]+|search-ms|mhtml|mk)\s*:", re.IGNORECASE)
_AWAY = re.compile(r"'\s*(?:file|https?|ftp|smb)\s*:[^']*'\s*#", re.IGNORECASE)  # another file, in OpenDocument
_OUTSIDE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]+:|//|\\\\)", re.IGNORECASE)


@dataclass(frozen=True)
class Active:
    """The first thing that would act.

    Attributes:
        part: The part of the archive, with the cell where it has one.
        detail: The formula, or the word that tells what it is; may be empty.
    """

    kind: Kind
    part: str
    detail: str = ""

    def found(self, speak: Translator) -> str:
        """Return what was found, in words."""
        what = {
            "macro": speak("a workbook with macros or scripts"),
            "object": speak("a workbook with an embedded object or file"),
            "link": speak("a workbook with a link to other data"),
            "formula": speak("a formula that asks other programs or the network"),
            "password": speak("a file with a password"),
        }[self.kind]
        where = ", ".join(filter(None, (self.part, self.detail)))
        return f"{what} ({where})"

    def remedy(self, speak: Translator) -> str:
        """Return what to do about it."""
        return {
            "macro": speak("Save it as .xlsx (Excel Workbook), without macros."),
            "object": speak("Remove the object, or copy the table, values only, into a workbook downloaded afresh."),
            "link": speak("Break the links (Data, Edit Links; Queries & Connections), or copy the table, values only, "
                          "into a workbook downloaded afresh."),
            "formula": speak("Type the value in place of the formula."),
            "password": speak("Remove the password (File, Info, Protect Workbook, Encrypt with Password: leave it "
                              "empty), then save it again."),
        }[self.kind]  # fmt: skip


def find_active(members: Mapping[str, bytes]) -> Active | None:
    """Return the first active content of a workbook, or None.

    Args:
        members: Every part of the archive by name, held within the limits and without document types.
    """
    for name, part in members.items():
        found = _by_name(name, part) or _in_binary(name, part) or _in_xml(name, part)
        if found:
            return found
    return None


def is_locked(content: bytes) -> bool:
    """Tell whether an old container holds a workbook with a password rather than an old workbook."""
    return content.startswith(_OLE[:4]) and "EncryptedPackage".encode("utf-16-le") in content


def active_formula(formula: str) -> str:
    """Return the word for which a formula asks other programs or the network; empty where it asks for nothing."""
    if "|" not in formula and "(" not in formula and "#" not in formula:
        return ""
    bare = re.sub(r'"[^"]*"|\'(?:[^\']|\'\')*\'', "", formula)
    if "|" in bare:
        return "DDE"
    if call := _CALLS.search(bare):
        return call[1].upper()
    if _AWAY.search(formula):
        return "link"
    if re.search(r"HYPERLINK\s*\(", bare, re.IGNORECASE):
        targets = re.findall(r'"((?:[^"]|"")*)"', formula)
        if any("|" in target or _RUNS.match(target) for target in targets):
            return "HYPERLINK"
    return ""


def active_text(text: str) -> str:
    """Return the word for which a spreadsheet that opens a CSV file would ask other programs or the network."""
    text = text.lstrip()
    is_formula = text.startswith("=") or (text.startswith(("+", "-", "@")) and _EXCHANGE.search(text) is not None)
    return active_formula(text) if is_formula else ""


def _by_name(name: str, part: bytes) -> Active | None:
    """Return what a part is by its place: office programs run what stands there, whatever it holds."""
    plain = name.replace("\\", "/").lstrip("/").casefold()
    is_script = plain.startswith("scripts/") and not plain.endswith("/")
    if is_script or plain.endswith(("vbaproject.bin", "/vbadata.xml", "vbaprojectsignature.bin")):
        return Active("macro", name)
    return None


def _in_binary(name: str, part: bytes) -> Active | None:
    if part.startswith(_OLE):
        return Active("macro" if any(sign in part for sign in _VBA) else "object", name)
    return Active("object", name) if part.startswith(_FILES) else None


def _in_xml(name: str, part: bytes) -> Active | None:
    reading = _Reading(name)
    try:
        with suppress(expat.ExpatError):  # drawings of old programs are not quite XML
            parse(part, reading.start, reading.end, reading.text)
    except _FoundError as error:
        return error.active
    return None


class _FoundError(Exception):
    def __init__(self, active: Active) -> None:
        self.active = active
        super().__init__()


class _Reading:
    """Looks at elements, their attributes and formulas of one part; stops at the first that is active."""

    def __init__(self, part: str) -> None:
        self.part, self.cell, self.is_formula = part, "", False
        self.formula: list[str] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self.cell = given.get("r", "")[:10]
            return
        if name in _FORMULAS:
            self.is_formula, self.formula = True, []
            if name == "definedName" and any(given.get(key) in ("1", "true") for key in ("xlm", "vbProcedure")):
                self._stop("macro", name)
            return
        if kind := "macro" if tag in _SCRIPTS else _ELEMENTS.get(name):
            self._stop(kind, name)
        if given and (name in _NAMING or not _POINTING.isdisjoint(given)):
            for found in self._given(tag, name, given):
                raise _FoundError(found)

    def _given(self, tag: str, name: str, given: dict[str, str]) -> Iterator[Active]:
        """Return what the attributes of an element tell."""
        if name == "Relationship":
            kind = given.get("Type", "").rpartition("/")[2]
            if known := _RELATIONS.get(kind.casefold()):
                yield Active(known, self.part, kind[:40])
            if given.get("TargetMode", "").casefold() == "external":
                target = given.get("Target", "")
                if kind.casefold() != "hyperlink" or _RUNS.match(target):
                    yield Active("link", self.part, target[:80])
        if name in ("Default", "Override", "file-entry"):
            kind = next((value for key, value in given.items() if key.endswith(("ContentType", "media-type"))), "")
            for sign, known in _TYPES.items():
                if sign in kind.casefold() and (name != "Default" or known == "macro"):
                    yield Active(known, self.part, kind[:80])
        formula, href = given.get(_FORMULA, ""), given.get(_HREF, "")
        if word := active_formula(formula):
            yield Active("formula", self.part, f"{word}: {formula[:80]}")
        is_drawn = tag.startswith(_DRAWN) and name != "a"  # fetched as the file is opened, not at a click
        if _RUNS.match(href) or (is_drawn and _OUTSIDE.match(href)):
            yield Active("link", self.part, href[:80])

    def text(self, data: str) -> None:
        if self.is_formula and len(self.formula) < MAX_FORMULA:
            self.formula.append(data[:MAX_FORMULA])

    def end(self, tag: str) -> None:
        if self.is_formula and tag.rpartition(" ")[2] in _FORMULAS:
            self.is_formula = False
            formula = "".join(self.formula)[:MAX_FORMULA]
            if word := active_formula(formula):
                where = f"{self.part} {self.cell}".rstrip()
                raise _FoundError(Active("formula", where, f"{word}: {formula[:80]}"))

    def _stop(self, kind: Kind, detail: str) -> None:
        raise _FoundError(Active(kind, self.part, detail))
