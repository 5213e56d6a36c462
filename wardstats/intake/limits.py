"""How large a file that is handed in may be, and what is refused unread: bombs, macros, passwords, entities.

Everything here is checked before a parser of workbooks sees a byte, because those take what a file says for granted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from wardstats.core.languages import Translator
from wardstats.intake.faults import UnreadableError

MAX_FILE_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 24_000_000
MAX_MEMBERS = 400
MAX_SHEETS = 20
MAX_ROWS = 3_000
MAX_COLUMNS = 100
MAX_CELLS = 200_000
MAX_TEXT = 5_000

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # Excel before 2007, and every workbook with a password
_READ = (".xml", ".rels")


class _Refused(Exception):
    pass


def sniff(name: str, content: bytes, speak: Translator) -> str:
    """Return what a file is by its content, whatever it is called: xlsx, ods or csv.

    Raises:
        UnreadableError: It is too large, empty, damaged or none of them.
    """
    kinds = speak("a workbook (.xlsx, .ods) or a CSV file")
    if not content:
        raise UnreadableError(name, speak("an empty file"), kinds, speak("Choose the file again."))
    if len(content) > MAX_FILE_BYTES:
        found = speak("{size} megabytes", size=speak.number(len(content) / 1e6))
        expected = speak("at most {size} megabytes", size=speak.number(MAX_FILE_BYTES / 1e6, 0))
        raise UnreadableError(name, found, expected, speak("Remove pictures and other sheets; submit evidence apart."))
    if content.startswith(_OLD_OFFICE):
        found = speak("an old Excel file, or one with a password")
        raise UnreadableError(name, found, kinds, speak("Save it as .xlsx, without a password."))
    if not zipfile.is_zipfile(io.BytesIO(content)):
        if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnreadableError(name, speak("a file of another kind"), kinds, speak("Save the workbook as .xlsx."))
        return "csv"
    return _archive_kind(name, content, speak)


def _archive_kind(name: str, content: bytes, speak: Translator) -> str:
    """Look through an archive within its limits and tell which kind of workbook it is."""
    again = speak("Open it in a spreadsheet program and save it again as .xlsx.")
    kinds = speak("a workbook (.xlsx, .ods) or a CSV file")
    try:
        members = _members(content)
    except _Refused as error:
        found = {
            "bomb": speak("an archive that unpacks to too much"),
            "password": speak("a file with a password"),
            "macro": speak("a workbook with macros"),
            "entity": speak("a workbook with a document type declaration"),
        }.get(str(error), speak("a damaged file"))
        raise UnreadableError(name, found, kinds, again) from None
    if "xl/workbook.xml" in members:
        return "xlsx"
    if "content.xml" in members and members.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument.spre"):
        return "ods"
    raise UnreadableError(name, speak("a file of another kind"), kinds, again)


def _members(content: bytes) -> dict[str, bytes]:
    """Return the members that are looked at, by name; of others only the size is checked."""
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            # The directory is checked before anything is unpacked; zipfile never unpacks more than it declares.
            if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
                raise _Refused("bomb")
            if len({info.filename for info in infos}) < len(infos):
                raise _Refused("damaged")
            for info in infos:
                if info.flag_bits & 1:
                    raise _Refused("password")
                if info.filename.lower().endswith(("vbaproject.bin", "/vbadata.xml")):
                    raise _Refused("macro")
                if info.filename.lower().endswith(_READ) or info.filename == "mimetype":
                    found[info.filename] = archive.read(info)
                    if info.filename != "mimetype":
                        check_xml(found[info.filename])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise _Refused("damaged") from error
    return found


def check_xml(content: bytes) -> None:
    """Refuse XML that declares a document type: entities that multiply, or files of this machine, come from there."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise _Refused("entity")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise _Refused("damaged") from error


def furthest(content: bytes) -> tuple[int, int]:
    """Return the last row that holds anything in a sheet of an .xlsx file, and how many cells do."""
    parser, state = expat.ParserCreate(), {"row": 0, "last": 0, "cells": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            number = attributes.get("r", "")
            state["row"] = int(number) if number.isdecimal() and len(number) < 9 else state["row"] + 1
        elif tag in ("v", "is", "f"):
            state["last"] = max(state["last"], state["row"])
            state["cells"] += 1

    parser.StartElementHandler = start
    parser.Parse(content, True)
    return state["last"], state["cells"]


def merged_area(content: bytes) -> int:
    """Return how many cells the merged ranges of an .xlsx sheet span; some programs make an object of each."""
    area = 0
    for reference in re.findall(rb'mergeCell[^>]*\bref="([A-Za-z0-9:$]{1,40})"', content):
        corners = re.findall(rb"([A-Za-z]{1,3})(\d{1,7})", reference)
        if len(corners) == 2:
            (left, top), (right, bottom) = ((_column(letters), int(digits)) for letters, digits in corners)
            area += (abs(right - left) + 1) * (abs(bottom - top) + 1)
    return area


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
