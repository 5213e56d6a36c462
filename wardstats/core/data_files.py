"""Reads the plain files of a data folder, collecting every problem with its file and line.

Owns: bytes to text, text to rows, rows to records. Knows nothing of what the records mean to one another.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from wardstats.core.csv_rows import delimiter_of
from wardstats.core.errors import Problem
from wardstats.core.languages import LANGUAGE_NAMES, LANGUAGES
from wardstats.core.measures import MEASURES
from wardstats.core.records import Record, column_of, with_point

R = TypeVar("R", bound=Record)
Lines = list[tuple[int, R]]  # of a file, each with its number

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}

# The file in whose first column a code must stand.
REFERENCES = {"unit_code": "units.csv", "indicator_code": "indicators.csv", "source_id": "sources.toml"}

# What each kind of validation error expects, and what to do; pydantic's own words are for programmers.
_EXPECTED: dict[str, tuple[str, str]] = {
    "string_too_short": ("a text", "Fill it in."),
    "no_text": ("a text", "Fill it in."),
    "missing": ("a value", "Fill it in."),
    "float_parsing": (
        "a number with a decimal point, such as 87.5",
        "Write digits and a point only; leave it empty if unknown.",
    ),
    "int_parsing": ("a whole number", "Write digits only; leave it empty if unknown."),
    "int_from_float": ("a whole number", "Write it without decimals."),
    "bool_parsing": ("true or false", "Write true or false."),
    "date_from_datetime_parsing": ("a date such as 2026-11-14", "Write year-month-day."),
    "extra_forbidden": ("only known keys", "Check the spelling, or remove it."),
    "not_nfc": ("text in composed form (Unicode NFC)", "Type the name again, or save the file with NFC normalisation."),
    "unit_of_measure": (
        "one of " + ", ".join(MEASURES),
        "Correct it, or add the unit to the table in wardstats/core/measures.py.",
    ),
    "two_meanings": (
        "a number that can be read in one way only",
        "Write one nought more behind it, or no mark at all.",
    ),
    "finite_number": ("a finite number", "Leave the cell empty where there is no figure."),
}


def _has_comma(cell: str) -> bool:
    """Tell whether a cell is a number whose comma can only stand before decimals."""
    return "," in cell and with_point(cell.strip(), has_commas=False) not in (None, cell.strip())


def bare_code(code: str) -> str:
    """Return a code as a spreadsheet leaves it that takes it for a number: 02647 becomes 2647."""
    return code.removesuffix(".0").lstrip("0")


def records_of(lines: Lines[R]) -> list[R]:
    """Return the records of numbered lines."""
    return [record for _, record in lines]


@dataclass(frozen=True)
class Overlaid:
    """A file of the folder with rows that stand elsewhere: what is read in its place.

    Attributes:
        own: The bytes of the folder's own file; None where it has none.
        text: What is in force.
        places: Where a line of it comes from: its number in the folder's own file, or the name of its row's place.
    """

    own: bytes | None
    text: str
    places: Mapping[int, int | str]

    @property
    def content(self) -> bytes:
        """What is in force as bytes of a file, with a byte order mark where the folder's own has one."""
        return (BOM_UTF8 if (self.own or b"").startswith(BOM_UTF8) else b"") + self.text.encode()


@dataclass
class Reader:
    """Reads files below one folder and gathers what is wrong with them.

    Attributes:
        folder: The data folder.
        notices: What is no fault and may not be meant, such as a yearly figure of a monthly indicator.
        problems: Everything found so far; reading goes on after a problem, so that all are listed at once.
        digests: SHA-256 of each file as it was read, by its name; together they say what a snapshot was built from.
        own_digests: The same of the folder's own files, also where something else was read in their place.
        codes: What stands in each file's first column, faulty lines included, so that one fault is reported once
            and not again at every line that refers to it. A file that could not be read has no entry.
        with_commas: The files whose numbers have commas before their decimals, as Vietnamese spreadsheets save them.
        language: The block's own, in which names and other texts must be there.
        overlaid: The files that are read otherwise than they stand in the folder.
    """

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    own_digests: dict[str, str] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    with_commas: set[str] = field(default_factory=set)
    language: str = LANGUAGES[0]
    overlaid: Mapping[str, Overlaid] = field(default_factory=dict)

    def report(
        self, file: str, line: int | None, column: str | None, found: object, expected: str, remedy: str
    ) -> None:
        """Add a problem; one in a row from elsewhere names that place."""
        self.problems.append(self._problem(file, line, column, str(found), expected, remedy))

    def _problem(
        self, file: str, line: int | None, column: str | None, found: str, expected: str, remedy: str
    ) -> Problem:
        places = self.overlaid[file].places if file in self.overlaid else {}
        place = places.get(line, line) if line is not None else None
        if isinstance(place, str):
            file, place = f"{file}, {place}", None
        return Problem(file, place, column, found, expected, remedy)

    def text(self, file: str, is_required: bool = True) -> str | None:
        """Return a file's text; a byte order mark and CRLF line ends are accepted, other encodings are not."""
        if (found := self.overlaid.get(file)) is not None:
            self.digests[file] = sha256(found.content).hexdigest()
            if found.own is not None:
                self.own_digests[file] = sha256(found.own).hexdigest()
            return found.text
        path = self.folder / file
        if not path.is_file():
            if is_required:
                self.report(file, None, None, "no such file", "a file of this name", "Add it to the data folder.")
            return None
        return self.decoded(file, path.read_bytes())

    def decoded(self, file: str, raw: bytes) -> str | None:
        """Return the text of a file that has been read, as ``text`` does."""
        self.keep_digest(file, sha256(raw).hexdigest())
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            byte = f"byte 0x{raw[error.start]:02x}"
            self.report(file, line, None, byte, "UTF-8 text", "Save the file again as UTF-8.")
            return None

    def keep_digest(self, file: str, digest: str) -> None:
        """Remember that a file of the folder was read as it is."""
        self.digests[file] = self.own_digests[file] = digest

    def rows(
        self, file: str, columns: Sequence[str], optional: Sequence[str] = (), is_required: bool = True
    ) -> list[tuple[int, dict[str, str]]]:
        """Return (line, row) of a CSV file whose header must hold the columns; empty lines are skipped.

        Where the header is divided by semicolons or tabs, as a spreadsheet in Vietnamese saves it, all lines are.
        """
        text = self.text(file, is_required)
        if text is None:
            return []
        delimiter = delimiter_of(text)
        # Strict, because a quote that is never closed would otherwise swallow the rest of the file without a word.
        reader, next_line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
        try:
            header = [name.strip() for name in next(reader, [])]
            if not self._check_header(file, header, columns, optional):
                return []
            rows: list[tuple[int, dict[str, str]]] = []
            next_line = reader.line_num + 1
            for cells in reader:
                line, next_line = next_line, reader.line_num + 1
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    self.report(
                        file, line, None, f"{len(cells)} cells", f"{len(header)} as in the header",
                        f"Put texts that contain a {_DELIMITERS[delimiter]} in double quotes, and do not leave out "
                        "empty cells.",
                    )  # fmt: skip
                    self.codes.setdefault(file, set()).update(cells)  # one of them is its code
                    continue
                rows.append((line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
                if delimiter != "," and any(_has_comma(cell) for cell in cells):
                    self.with_commas.add(file)
        except csv.Error as error:
            self.codes.pop(file, None)
            self.report(
                file, next_line, None, str(error), "comma-separated values", "Check the quotes here: one is left open."
            )
            return []
        return rows

    def records(self, file: str, model: type[R], is_required: bool = True) -> Lines[R]:
        """Return (line, record) of a CSV file whose columns are the model's fields."""
        fields = model.model_fields.items()
        own = [column_of(name, self.language) for name in model.texts_asked_for]
        required = [name for name, info in fields if info.is_required()]
        required[1:1] = own
        optional = [name for name, info in fields if not info.is_required() and name not in own]
        records, problems_before = [], len(self.problems)
        rows = self.rows(file, required, optional, is_required)
        if rows:
            self.codes.setdefault(file, set()).update(row[required[0]] for _, row in rows)
        elif is_required and len(self.problems) == problems_before:
            self.report(file, None, None, "no line below the header", "at least one line", "Add what is missing.")
        self._note_languages(file, model, rows)
        context = {"language": self.language, "has_commas": file in self.with_commas}
        for line, row in rows:
            try:
                records.append((line, model.model_validate(row, context=context)))
            except ValidationError as error:
                self._report_invalid(file, error, lambda _, line=line: line)
        return records

    def _note_languages(self, file: str, model: type[Record], rows: list[tuple[int, dict[str, str]]]) -> None:
        """Tell which texts are missing in a language that the file has a column for: the block's own is shown."""
        own = LANGUAGE_NAMES[self.language]
        for name in model.texts:
            for language in LANGUAGES:
                column, there = column_of(name, language), column_of(name, self.language)
                lines = [line for line, row in rows if row.get(there) and row.get(column) == ""]
                if lines and language != self.language:
                    found = f"nothing in {len(lines)} of {len(rows)} lines"
                    expected = f"a text for readers of {LANGUAGE_NAMES[language]}, who see {own}"
                    notice = self._problem(file, lines[0], column, found, expected, "Fill it in where they should not.")
                    self.notices.append(notice)

    def toml(self, file: str) -> tuple[str, dict[str, Any]] | None:
        """Return the text and the tables of a TOML file."""
        text = self.text(file)
        return None if text is None else self.toml_of(file, text)

    def toml_of(self, file: str, text: str) -> tuple[str, dict[str, Any]] | None:
        """Return a text and the tables of TOML in it."""
        try:
            return text, tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = int(match[1]) if (match := re.search(r"at line (\d+)", str(error))) else None
            self.report(file, line, None, str(error), "valid TOML", "Correct the line.")
            return None

    def toml_record(self, file: str, model: type[R], text: str, table: dict[str, Any], *path: str) -> R | None:
        """Validate one table of a TOML file; ``path`` is where the table stands."""
        try:
            return model.model_validate(table, context={"language": self.language})
        except ValidationError as error:
            self._report_invalid(file, error, lambda loc: toml_line(text, [*path, *loc]), ".".join(path))
            return None

    def is_unknown(self, code: str, file: str) -> bool:
        """Tell whether a code is empty or missing from a file; a file that could not be read misses none."""
        return not code or (file in self.codes and code not in self.codes[file])

    def advice(self, code: str, file: str) -> str:
        """Return what to do about a code that is missing from a file."""
        same = [known for known in self.codes.get(file, ()) if code and bare_code(known) == bare_code(code)]
        if len(same) != 1:
            return "Add it there, or correct it here."
        if same[0].startswith("0"):
            return f"It is {same[0]} without its noughts: store the codes of this file as text."
        return f"{file} has {same[0]}, which is this code without its noughts: store the codes there as text."

    def _report_invalid(
        self, file: str, error: ValidationError, line_of: Callable[[list[str]], int | None], prefix: str = ""
    ) -> None:
        for fault in error.errors(include_url=False):
            loc = [str(part) for part in fault["loc"] if not str(part).startswith(("function-", "nullable"))]
            expected, remedy = _EXPECTED.get(fault["type"], (_in_plain_words(fault), "Correct it."))
            found = "nothing" if fault["input"] in ("", None) or fault["type"] == "missing" else repr(fault["input"])
            column = ".".join(part for part in (prefix, *loc) if part) or None
            if not loc and isinstance(fault["input"], dict):
                column, found = None, "limits that do not fit the rule"
            self.report(file, line_of(loc), column, found, expected, remedy)

    def _check_header(self, file: str, header: list[str], columns: Sequence[str], optional: Sequence[str]) -> bool:
        missing = [name for name in columns if name not in header]
        unknown = [name for name in header if name not in columns and name not in optional]
        repeated = sorted({name for name in header if header.count(name) > 1})
        expected = "the columns " + ",".join(columns)
        if missing:
            self.report(file, 1, ",".join(missing), "no such column", expected, "Correct the header line.")
        if unknown:
            known = ", ".join(repr(name) for name in unknown)
            self.report(file, 1, ",".join(unknown), f"unknown column {known}", expected, "Correct the header line.")
        if repeated:
            self.report(file, 1, ",".join(repeated), "a column twice", "each column once", "Remove one of them.")
        return not (missing or unknown or repeated)


def toml_line(text: str, path: Sequence[str]) -> int | None:
    """Return the line (1 = first) where a key of a TOML text stands, or its table, or None."""
    wanted, line_found, table = list(path), None, ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = header[1].replace('"', "")
        elif pair := re.match(r"\s*\"?([\w.-]+)\"?\s*=", line):
            if [*filter(None, table.split(".")), pair[1]] == wanted:
                return number
            continue
        else:
            continue
        if table and wanted[: len(table.split("."))] == table.split("."):
            line_found = number
    return line_found


def _in_plain_words(fault: Mapping[str, Any]) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "literal_error":
            return f"one of {context['expected']}"
        case "string_pattern_mismatch":
            return f"text of the form {context['pattern']}"
        case "greater_than":
            return f"more than {context['gt']}"
        case "greater_than_equal":
            return f"at least {context['ge']}"
        case "less_than_equal":
            return f"at most {context['le']}"
        case _:
            return str(fault["msg"])
