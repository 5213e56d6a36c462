"""The parts of an .xlsx archive, found by their relationships as the standard has it, and how its number formats show.

Owns how the parts of an archive hang together and what a number format means. Reads no cell.
"""

from __future__ import annotations

import io
import operator
import posixpath
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.parsers import expat

STRICT = "http://purl.oclc.org/ooxml/"  # the namespaces of Strict Open XML, in which openpyxl finds no sheets
_MAIN = {STRICT + "spreadsheetml/main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_NO_MEMORY = 1  # expat's own number of XML_ERROR_NO_MEMORY
_OWN_WORKBOOK = "xl/workbook.xml"
_LITERAL = re.compile(r'"([^"]*)"?|\\(.)|[_*].|\[(?![<>=])[^\]]*\]')
_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)\s*(-?[\d.]+)\]")
_SHOWN = re.compile(r"[0#?@]|general|standard|[ymdhsbge]", re.IGNORECASE)  # digits, a text, parts of a date
_SCALED = re.compile(r"[0#?](,+)(?:\.[0#?]*)?[^0#?,]*$")
_COMPARE = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class DoctypeError(ValueError):
    """XML that declares a document type: entities that multiply, or files of this machine, come from there."""


@dataclass(frozen=True)
class Relation:
    """What a part points at.

    Attributes:
        kind: The last word of its type: worksheet, styles, sharedStrings ...
        target: The name of the other part.
    """

    kind: str
    target: str


class Parts:
    """The parts of an .xlsx archive by name; names are told apart as the standard does, whatever their case."""

    def __init__(self, content: bytes) -> None:
        """Read the directory of an archive that ``limits.sniff`` has let pass."""
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._names = {_plain(name): name for name in self._archive.namelist()}

    def has(self, name: str) -> bool:
        """Tell whether there is a part of this name."""
        return _plain(name) in self._names

    def read(self, name: str) -> bytes:
        """Return a part.

        Raises:
            KeyError: There is none.
        """
        return self._archive.read(self._names[_plain(name)])

    def relations(self, part: str = "") -> dict[str, Relation]:
        """Return what a part points at within the archive, by id; without a part, what the archive opens with."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, Relation] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag.rpartition(" ")[2] == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, attributes.get("Target", ""))).lstrip("/")
                found[attributes.get("Id", "")] = Relation(attributes.get("Type", "").rpartition("/")[2], target)

        if self.has(path):
            parse(self.read(path), start)
        return found

    def workbook(self) -> str:
        """Return the part that lists the sheets; empty where this is no workbook."""
        starts = [found.target for found in self.relations().values() if found.kind == "officeDocument"]
        for name in [*starts, _OWN_WORKBOOK]:
            if self.has(name) and is_main_root(self.read(name), "workbook"):
                return name
        return ""

    def is_strict(self) -> bool:
        """Tell whether a workbook was saved as Strict Open XML."""
        return STRICT.encode() in self.read(self.workbook())


def main_tag(tag: str) -> str:
    """Return the name of an element of spreadsheets; empty for one of another namespace."""
    space, _, name = tag.rpartition(" ")
    return name if space in _MAIN else ""


def is_main_root(content: bytes, name: str) -> bool:
    """Tell whether a part begins with an element of spreadsheets of this name."""
    tags: list[str] = []

    def start(tag: str, _: dict[str, str]) -> None:
        tags.append(tag)
        parser.StartElementHandler = None

    parser = _parser()
    parser.StartElementHandler = start
    try:
        parser.Parse(content[:65_536], False)
    except expat.ExpatError:
        return False
    return bool(tags) and main_tag(tags[0]) == name


def parse(content: bytes, start: Start | None = None, end: End | None = None, text: End | None = None) -> None:
    """Read XML in one pass.

    Args:
        content: The XML.
        start: Called with the name of an element, "namespace name", and its attributes.
        end: Called with its name where it ends.
        text: Called with text between elements.

    Raises:
        DoctypeError: It declares a document type.
        ExpatError: It is no XML.
    """
    parser = _parser()
    if start:
        parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        if error.code == _NO_MEMORY:
            raise MemoryError from error
        raise


def _parser() -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise DoctypeError

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def percent_of(number_format: str, number: float) -> int:
    """Return what a number is multiplied by to be shown with a percent sign, 0 where it is shown without one.

    A bare % multiplies by 100; one that is quoted or escaped is a text behind the number as it is.
    """
    shown = _section(number_format, number)
    return 100 if "%" in shown else int("\0" in shown)


def shows_nothing(number_format: str, value: object) -> bool:
    """Tell whether a format shows nothing of a cell, as ;;; does; one that leaves only a zero out is not meant."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return not _SHOWN.search(_section(number_format, value or 1))
    return number_format.count(";") == 3 and not number_format.rpartition(";")[2].strip()


def divided_by(number_format: str, number: float) -> int:
    """Return by what a format divides a number before it shows it: each comma behind its last digit is a thousand."""
    commas = _SCALED.search(_section(number_format, number))
    return 1000 ** min(len(commas[1]), 5) if commas else 1


def _section(number_format: str, number: float) -> str:
    """Return the part of a format that a number is shown with; for a percent sign that is a text, a mark stands."""
    sections = _sections(number_format)
    if any(condition for condition, _ in sections):
        fitting = (
            section
            for condition, section in sections
            if condition is None or _COMPARE[condition[0]](number, condition[1])
        )
        return next(fitting, sections[-1][1])
    if number < 0 and len(sections) > 1:
        return sections[1][1]
    if number == 0 and len(sections) > 2:
        return sections[2][1]
    return sections[0][1]


@lru_cache(maxsize=4096)
def _sections(number_format: str) -> Sequence[tuple[tuple[str, float] | None, str]]:
    """Return the parts of a number format without their texts, each with its condition."""
    bare = _LITERAL.sub(lambda match: "\0" if "%" in (match[1] or match[2] or "") else "", number_format)
    found = []
    for section in bare.split(";"):
        condition = _CONDITION.search(section)
        found.append(((condition[1], float(condition[2])) if condition else None, section))
    return found
