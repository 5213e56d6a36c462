"""Every page runs on every board that is not complete, and every file that it offers can be made."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import openpyxl
import pypdfium2
import pytest
import streamlit as st
from streamlit.config import get_option, set_option
from streamlit.testing.v1 import AppTest

from tests.incomplete_boards import SHAPES
from wardstats.core.languages import translator
from wardstats.core.settings import PROJECT, Settings
from wardstats.ledger.access import Actor
from wardstats.session import signin, tables

PAGES = sorted(path.name for path in (PROJECT / "pages").glob("*.py"))
NOT_FOR_PEOPLE = re.compile(r"\b(nan|NaN|<NA>|&lt;NA&gt;|None|NaT|inf)\b")
CLERK = Actor("Clerk", "administrator", "clerk@x.test")
LANGUAGE = dict(zip(SHAPES, ["vi", "en", "hi"] * len(SHAPES), strict=False))

Files = dict[str, bytes]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """Have each page make every file it offers, those behind a closed table too; return them by name."""
    made: Files = {}
    offer = st.download_button

    def download(label: str, data: Any, *, file_name: str, **options: Any) -> bool:
        content: Any = data() if callable(data) else data
        made[file_name] = content.encode() if isinstance(content, str) else content
        return offer(label, content, file_name=file_name, **options)

    def open_table(view: Any, frame: Any, key: str, name: str, label: str = "") -> None:
        tables.table(view, frame, name)

    monkeypatch.setattr(st, "download_button", download)
    for module in ("session", "session.exploring", "session.units"):
        monkeypatch.setattr(import_module(f"wardstats.{module}"), "table_behind", open_table)
    return made


@pytest.fixture(autouse=True)
def visitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sign in somebody who may do everything, so that each page is whole."""
    monkeypatch.setattr(signin, "is_configured", lambda: True)
    monkeypatch.setattr(signin, "visitor", lambda: CLERK)
    told = get_option("client.showErrorDetails")
    set_option("client.showErrorDetails", "full")  # else only that there was one
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    set_option("client.showErrorDetails", told)
    st.cache_data.clear()
    st.cache_resource.clear()


def read(name: str, content: bytes) -> str:
    """Open a file as its reader would, and return its text."""
    match name.rpartition(".")[2]:
        case "csv":
            table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            assert len({len(row) for row in table}) <= 1, name
            return content.decode("utf-8-sig")
        case "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(content))
            return "\n".join(
                str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None
            )
        case "pdf":
            return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
        case "parquet":
            assert content[:4] == b"PAR1"
        case "zip":
            assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        case "ics":
            assert content.startswith(b"BEGIN:VCALENDAR")
            return content.decode()
    return ""


def shown(app: AppTest) -> str:
    """Return all that a page says, its charts and tables included."""
    texts = [element.proto.body for element in app.get("html")]
    texts += [
        element.value for kind in (app.markdown, app.caption, app.info, app.title, app.warning) for element in kind
    ]
    for chart in app.get("plotly_chart"):
        spec = json.loads(chart.proto.spec, parse_constant=lambda name: pytest.fail(f"{name} in a chart"))
        texts.append(json.dumps(spec, ensure_ascii=False))
    return "\n".join(texts).replace("\u00a0", " ")


@pytest.mark.parametrize("name", SHAPES)
def test_every_page_and_file(
    monkeypatch: pytest.MonkeyPatch, incomplete: Callable[[str], Settings], files: Files, name: str
) -> None:
    places, shape, speak = incomplete(name), SHAPES[name], translator(LANGUAGE[name])
    monkeypatch.setenv("WARDSTATS_VAR", str(places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(places.data))
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    app.query_params["lang"] = speak.language
    app.query_params["theme"] = shape.theme
    if shape.period:
        app.query_params["period"] = shape.period
    app.run()
    faults = []
    for page in PAGES if shape.wards else ():
        files.clear()
        app.switch_page(f"pages/{page}").run()
        faults += [f"{page}: {error.message}\n{''.join(error.stack_trace[-6:])}" for error in app.exception]
        texts = {page: shown(app)} | {f"{page}: {file}": read(file, content) for file, content in files.items()}
        for place, text in texts.items():
            faults += [f"{place}: {text[max(0, m.start() - 60) : m.end() + 40]}" for m in NOT_FOR_PEOPLE.finditer(text)]
    assert not faults, "\n\n".join(faults)
