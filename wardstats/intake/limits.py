"""How large a file that is handed in may be, and what is refused unread: bombs, macros, passwords, entities.

Everything here is checked before a parser of workbooks sees a byte, because those take what a file says for granted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from xml.parsers import expat

from wardstats.core.languages import Translator
from wardstats.intake.active_content import Active, find_active, is_locked
from wardstats.intake.faults import UnreadableError
from wardstats.intake.office_parts import DoctypeError, Parts, parse

MAX_FILE_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 24_000_000
MAX_MEMBERS = 400
MAX_ELEMENTS = 1_000_000  # of all XML of an archive: what parsers spend hangs on it, not on bytes
MAX_SHEETS = 20
MAX_ROWS = 3_000
MAX_COLUMNS = 100
MAX_CELLS = 200_000
MAX_TEXT = 5_000
MAX_WEIGHT = 75_000  # of a workbook that openpyxl opens whole: some 30 microseconds each
MAX_STYLE_NAMES = 1_000  # openpyxl compares each with all others
MAX_FORMAT = 1_000  # letters of a number format; Excel takes 255

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # Excel before 2007, and every workbook with a password
_XML = (".xml", ".rels")
_MANIFEST = "META-INF/manifest.xml"  # of OpenDocument
# What openpyxl spends on an element, in cells; on one that is not named here, three.
_WEIGHTS = {"c": 1.0, "si": 1.0, "row": 1.0, "v": 0.25, "f": 0.25, "is": 0.25, "t": 0.25}
_AREAS = ("mergeCell", "hyperlink")  # openpyxl makes an object of every cell that they span
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})", re.ASCII)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


class TooLargeError(Exception):
    """A file is beyond the limits."""


class _Refused(Exception):
    pass


class _ActiveError(Exception):
    def __init__(self, active: Active) -> None:
        self.active = active
        super().__init__()


def refuse_active(name: str, active: Active | None, speak: Translator) -> None:
    """Refuse a file for what in it would act by itself.

    Raises:
        UnreadableError: There is something.
    """
    if active:
        expected = speak("a workbook of texts and numbers alone")
        raise UnreadableError(name, active.found(speak), expected, active.remedy(speak))


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
    if is_locked(content):
        refuse_active(name, Active("password", ""), speak)
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
        refuse_active(name, find_active(members), speak)
        kind = _kind_of(content, members)
    except _ActiveError as error:
        refuse_active(name, error.active, speak)
        raise
    except _Refused as error:
        if str(error) == "elements":
            found = speak("too many formats, names, drawings or empty cells")
            expected = speak("at most {count} of them", count=speak.number(MAX_ELEMENTS, 0))
            remedy = speak("Copy the table, values only, into a workbook downloaded afresh, and submit that one.")
            raise UnreadableError(name, found, expected, remedy) from None
        found = {
            "bomb": speak("an archive that unpacks to too much"),
            "entity": speak("a workbook with a document type declaration"),
        }.get(str(error), speak("a damaged file"))
        raise UnreadableError(name, found, kinds, again) from None
    if not kind:
        raise UnreadableError(name, speak("a file of another kind"), kinds, again)
    return kind


def _kind_of(content: bytes, members: Mapping[str, bytes]) -> str:
    """Return xlsx or ods, by what the parts of an archive are and never by what they are called; else nothing."""
    if members.get("mimetype", b"").strip().startswith(_ODS):
        return "ods" if "content.xml" in members else ""
    try:
        return "xlsx" if Parts(content).workbook() else ""
    except expat.ExpatError as error:
        raise _Refused("damaged") from error


def _members(content: bytes) -> dict[str, bytes]:
    """Return the members of an archive by name, every one checked."""
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
                    raise _ActiveError(Active("password", info.filename))
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise _Refused("damaged")  # no office program writes it, and its dictionary may take gigabytes
                found[info.filename] = archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise _Refused("damaged") from error
    # Counted before anything is parsed, in whatever encoding it is: an element costs a parser up to 130 bytes.
    if sum(part.count(b"<") - part.count(b"</") for part in found.values() if _is_xml(part)) > MAX_ELEMENTS:
        raise _Refused("elements")
    if manifest := found.get(_MANIFEST):
        _check_xml(manifest, is_strict=True)
        if active := find_active({_MANIFEST: manifest}):
            raise _ActiveError(active)  # before the parts that a password makes unreadable
    for name, part in found.items():
        if name.lower().endswith(_XML) or _is_xml(part):
            _check_xml(part, is_strict=name.lower().endswith(_XML))
    return found


def _is_xml(part: bytes) -> bool:
    """Tell whether a part may be taken for XML, whatever it is called."""
    return part[:64].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _check_xml(content: bytes, is_strict: bool) -> None:
    """Refuse XML that declares a document type, and where it has to be XML, what is none."""
    try:
        parse(content)
    except DoctypeError:
        raise _Refused("entity") from None
    except expat.ExpatError as error:
        if is_strict:
            raise _Refused("damaged") from error


def opens_whole(content: bytes) -> bool:
    """Tell whether openpyxl opens and saves a workbook within seconds, with its look, links, names and properties.

    What it spends hangs on the elements of all parts, wherever they are, and on the cells that merged ones span.
    """
    weight, names = 0.0, 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal weight, names
        kind = tag.rpartition(" ")[2]
        weight += _WEIGHTS.get(kind, 3.0)
        if kind in _AREAS:
            weight += _area(attributes.get("ref", ""))
        elif kind == "cellStyle":
            names += 1

    for part in _members(content).values():
        if _is_xml(part):
            with suppress(expat.ExpatError):  # drawings of old programs are not quite XML; openpyxl does not read them
                parse(part, start)
        if weight > MAX_WEIGHT or names > MAX_STYLE_NAMES:
            return False
    return True


def _area(reference: str) -> float:
    """Return how many cells a range spans; one that is written otherwise counts as too many."""
    if ":" not in reference:
        return 1
    if not (found := _REFERENCE.fullmatch(reference.strip())):
        return float("inf")
    left, top, right, bottom = found.groups()
    return (abs(column_number(right) - column_number(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def column_number(letters: str) -> int:
    """Return the number of a column, counted from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
