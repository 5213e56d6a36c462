"""Every way out of the program, listed by itself: pages with their downloads, addresses of the server, commands.

A page, an address or a command that is new is found here, and then looked at by all tests that walk.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pypdfium2
import pytest
import streamlit as st
import typer
from docx.oxml.ns import qn
from starlette.routing import Route

from wardstats.cli.analysis import Statistic, Step
from wardstats.cli.console import Format
from wardstats.cli.main import app
from wardstats.core.languages import LANGUAGES
from wardstats.core.settings import PROJECT
from wardstats.live.application import Live
from wardstats.live.tables import FORMATS, PREFIX, TABLES
from wardstats.session import tables

PAGES = sorted(path.name for path in (PROJECT / "pages").glob("*.py"))
PARTS = {"{name}": "live.js", "{rest:path}": "nothing"}  # of addresses

# What each command that reads a board is asked; words in capitals stand for what the board has, see ``arguments``.
READS: dict[str, list[list[str]]] = {
    "rank": [
        [],
        ["--span", "quarter"],
        ["--span", "year"],
        ["--lang", "en", "--theme", "THEME"],
        ["--pdf", "OUT.pdf"],
        ["--span", "year", "--pdf", "OUT.pdf"],
    ],
    "values": [[], ["--unit", "LAST"]],
    "score": [["--step", step] for step in Step],
    "range": [[], ["--theme", "THEME"]],
    "explain": [[], ["--summary"], ["--unit", "LAST"]],
    "lift": [["--unit", "FIRST"], ["--unit", "LAST"]],
    "whatif": [["--set", "LAST:LINE=99"], ["--set", "FIRST:LINE="]],
    "statistics": [["--show", show, "--unit", "FIRST"] for show in Statistic],
    "contract": [[], ["--pdf", "OUT.pdf"]],
    "minutes": [["--output", "OUT.pdf"]],
    "sheet": [
        *(f"--unit {unit} --output OUT.pdf --lang {lang}".split() for unit, lang in (("FIRST", "vi"), ("LAST", "hi"))),
        "--unit LAST --output OUT.docx".split(),
    ],
    "deck": [["--output", "OUT.pptx"], ["--output", "OUT.pptx", "--lang", "hi"]],
    "activities": [[], ["--ics", "OUT.ics"]],
    "snapshots": [[]],
    "verify": [[]],
    "queue": [[]],
    "ledger show": [[]],
    "ledger verify": [[]],
    "template": [["--unit", "LAST", "--period", "MONTH", "--output", "OUT.xlsx"]],
    "check": [[]],
    "build": [[]],
}
# These write an entry of the ledger or a file of the data folder or of state, or list roles, and show no board.
WRITES = {
    "accept", "access", "adjust", "appraise", "approve", "boundaries", "correct", "cross-check", "demonstrate",
    "export-data", "handin", "harvest", "notify", "practice", "ledger accept-loss", "publish", "return", "rollback",
    "unaccept", "withdraw",
}  # fmt: skip


def commands(group: Any, above: str = "") -> Iterator[tuple[str, set[str]]]:
    """Return every command of the command line with its options."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", {option for param in command.params for option in param.opts}


COMMAND = typer.main.get_command(app)  # made once: it takes longer than most commands
COMMANDS = dict(commands(COMMAND))


def arguments(
    command: str, asked: list[str], names: Mapping[str, str], period: str, forms: list[Format]
) -> Iterator[list[str]]:
    """Return the words of a question, in each form where the command prints a table.

    Args:
        command: Of ``READS``.
        asked: One of its questions.
        names: What FIRST, LAST, LINE, MONTH, THEME and OUT stand for.
        period: The month looked at; the newest if empty.
        forms: How tables are printed.
    """
    filled = []
    for text in asked:
        for name, value in names.items():
            text = text.replace(name, value)
        filled.append(text)
    if period and "--period" in COMMANDS[command] and "--period" not in filled:
        filled += ["--period", period]
    if "--format" not in COMMANDS[command] or any(text.startswith(names["OUT"]) for text in filled):
        yield [*command.split(), *filled]
        return
    yield from ([*command.split(), *filled, "--format", form] for form in forms)


def addresses(live: Live, theme: str, period: str, units: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every address of the server with the questions that can be asked of it."""
    for route in live.routes():
        assert isinstance(route, Route)
        path = route.path
        for pattern, value in PARTS.items():
            path = path.replace(pattern, value)
        assert "{" not in path, f"{path}: tell what stands there, in PARTS"
        table = TABLES.get(path.removeprefix(f"{PREFIX}/"))
        if table is None:
            forms = FORMATS if path.endswith("/snapshots") else ("",)
            yield from ((path, {"format": form} if form else {}) for form in forms)
            yield from ((path, {"lang": language}) for language in LANGUAGES)
            if path.endswith("/account"):
                yield from ((path, {"lang": language, "theme": theme, "unit": units[0]}) for language in LANGUAGES)
            continue
        choices: dict[str, list[Any]] = {"theme": [theme], "span": ["quarter", "year"], "unit": [units]}
        months = {"period": period} if period and "period" in table.params else {}
        for form in FORMATS:
            yield path, {"format": form, **months}
            for key in choices:
                if key in table.params:
                    yield from ((path, {"format": form, **months, key: value}) for value in choices[key])


def collect_files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Have each page make every file it offers, those behind a closed table too; return them by name."""
    made: dict[str, bytes] = {}
    offer = st.download_button

    def download(label: str, data: Any, *, file_name: str, **options: Any) -> bool:
        content: Any = data() if callable(data) else data
        made[file_name] = content.encode() if isinstance(content, str) else content
        return offer(label, content, file_name=file_name, **options)

    def open_table(view: Any, frame: Any, key: str, name: str, label: str = "", **options: Any) -> None:
        tables.table(view, frame, name, **options)

    monkeypatch.setattr(st, "download_button", download)
    for module in ("session", "session.exploring", "session.units"):
        monkeypatch.setattr(import_module(f"wardstats.{module}"), "table_behind", open_table)
    return made


def text_of(name: str, content: bytes) -> str:
    """Open a file as its reader would, and return its text, a line a row."""
    match name.rpartition(".")[2]:
        case "csv":
            text = content.decode("utf-8-sig")
            separator = ";" if ";" in text.partition("\n")[0] else ","
            table = list(csv.reader(io.StringIO(text), delimiter=separator))
            assert len({len(row) for row in table}) <= 1, name
            return text
        case "xlsx":
            sheets = openpyxl.load_workbook(io.BytesIO(content))
            rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
            return "\n".join("\t".join(str(cell) for cell in row if cell is not None) for row in rows)
        case "pdf":
            return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
        case "docx":
            paragraphs = docx.Document(io.BytesIO(content)).element.body.iter(qn("w:p"))
            return "\n".join("".join(text.text or "" for text in line.iter(qn("w:t"))) for line in paragraphs)
        case "pptx":
            return "\n".join(map(_slide_text, pptx.Presentation(io.BytesIO(content)).slides))
        case "parquet":
            assert content[:4] == b"PAR1"
        case "zip":
            assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        case "ics":
            assert content.startswith(b"BEGIN:VCALENDAR")
            return content.decode()
    return ""


def _slide_text(slide: Any) -> str:
    """Return what a slide says and what its charts are drawn from, in one line."""
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for chart in (shape.chart for shape in slide.shapes if shape.has_chart):
        texts += map(str, chart.plots[0].categories)
        for series in chart.plots[0].series:
            texts += [str(series.name), *(str(value) for value in series.values if value is not None)]
    return " | ".join(texts).replace("\n", " ")


def made_files(words: list[str], ending: str) -> list[Path]:
    """Return the files with an ending that a command was told to write."""
    return [Path(word) for word in words if word.endswith(ending)]
