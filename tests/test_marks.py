"""Whatever rests on a made-up figure says so, at every way out of the program.

Each way out is taken on two boards that differ in their made-up figures only. What differs between the two answers
came from them, so it has to be marked: a row in the row, a title in the title, a page or a document in its notice.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests.exits import COMMAND, PAGES, READS, addresses, arguments, collect_files, made_files, text_of
from tests.fresh import forget
from tests.small_block import SMALL, Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.explore import TABS
from wardstats.boards.ward.lessons import draw_lessons
from wardstats.boards.ward.movement import draw_movement
from wardstats.boards.ward.profile import draw_profile
from wardstats.cli.console import Format
from wardstats.cli.main import main
from wardstats.core.settings import PROJECT, Settings, settings
from wardstats.live.application import Live
from wardstats.snapshot.store import Snapshot

MARK = re.compile(r"demonstration|made up|minh họa|डेमो", re.IGNORECASE)
# What differs between two boards for another reason: ids, moments, folders and sizes of files.
PASSING = re.compile(
    r"\d{8}T\d{6}Z(-[0-9a-f]+)?|(\b|_)[0-9a-f]{12,64}\b|\d\d:\d\d(:\d\d(\.\d+)?)?|[\d,]+ bytes|\"\w+_s\":[\d.]+"
    r"|/\S*/(var|data|made)"
)
ENDINGS = (".pdf", ".xlsx", ".ics", ".docx", ".pptx")
MONTHS = {"all made up": "2026-04", "mixed": "2026-04", "the year before": "2026-03"}

Exit = tuple[str, list[str]]  # how it is read: rows, or as a whole; and its lines


# --- boards -----------------------------------------------------------------------------------------------------------


def board(state: str, is_other: bool, folder: Path) -> Settings:
    """Build the small block in a state, with one or the other made-up figures."""
    data = Folder(Path(shutil.copytree(SMALL, folder / "data")))
    data.append("block.toml", "[robustness]", "draws = 40")
    values = data.path / "values"
    demonstration = values / "demonstration.csv"
    lines = demonstration.read_text("utf-8").splitlines(True)
    demonstration.write_text("".join(line for line in lines if "files_on" not in line), "utf-8")  # it has others
    if state == "all made up":
        for path in values.glob("20*.csv"):
            path.write_text(
                re.sub(r",(official|verified|reported),", ",demonstration,", path.read_text("utf-8")), "utf-8"
            )
    if state == "mixed":  # the third ward has none of them: its points do not rest on them, its place does
        data.replace("values/demonstration.csv", "w03,green_space,2026-04,15,,,demonstration,made_up,\n", "")
    if state == "the year before":
        text = demonstration.read_text("utf-8").replace(",demonstration,", ",reported,")
        demonstration.write_text(text, "utf-8")
        for path in values.glob("*.csv"):  # March is the newest month: the year before is what it is compared with
            lines = path.read_text("utf-8").splitlines(True)
            path.write_text("".join(line for line in lines if ",2026-04," not in line), "utf-8")
        data.set_cell("criteria/2025.csv", "files_on_time", "max_points", "30")
        data.append("indicators.csv", "old_green,living,Cây cũ,Old trees,पेड़,Cây,Trees,पेड़,points,month,1,decision")
        data.append("criteria/2025.csv", "old_green,20,as_scored,,,1,missing,")
        for unit, points in (("w01", 3), ("w02", 6), ("w03", 9)):
            data.append("values/2025.csv", f"{unit},old_green,2025-12,{points},,,demonstration,made_up,")
    if is_other:
        for path in values.glob("*.csv"):
            _change(path)
    build_and_publish(data.path, folder / "var")
    return settings(data.path, folder / "var")


def _change(path: Path) -> None:
    """Turn the made-up figures of a file around: what was much is little, so that places change too."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    for row in rows:
        if row[header.index("status")] == "demonstration":
            value, top, bottom = (header.index(name) for name in ("value", "numerator", "denominator"))
            if row[value]:
                row[value] = f"{float(row[value]) / 2 if row[0] == 'w01' else max(1, 13 - float(row[value]) / 2):g}"
            if row[top] and float(row[bottom]):
                row[top] = f"{float(row[bottom]) - float(row[top]):g}"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


# --- what leaves ------------------------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """The rows of tables and lists of a document, each with what names its table, and its title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.titles: list[str] = []
        self._open: list[tuple[str, list[str]]] = []
        self._names: list[tuple[str, str]] = []
        self._is_legend = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self._is_legend = told.get("class") == "ws-legend" if tag == "ul" else self._is_legend
        if tag in ("tr", "li", "title") and not self._is_legend:
            self._open.append((tag, []))
        if tag in ("div", "figure", "table"):
            self._names.append((tag, told.get("aria-label") or ""))
        if tag == "meta" and told.get("content"):
            self.titles.append(str(told["content"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "ul":
            self._is_legend = False
        if self._open and self._open[-1][0] == tag:
            text = " ".join(self._open.pop()[1])
            if tag == "title":
                self.titles.append(text)
            else:
                self.rows.append(f"{text}\0{' '.join(name for _, name in self._names)}")
        if self._names and self._names[-1][0] == tag:
            self._names.pop()

    def handle_data(self, data: str) -> None:
        for _, texts in self._open:
            texts.append(data.strip())


def rows_of(frame: pd.DataFrame) -> list[str]:
    return [" | ".join(map(str, row)) for row in frame.astype(object).itertuples(index=False)]


def file_exit(name: str, content: bytes) -> Exit:
    if name.endswith(".parquet"):
        return "rows", rows_of(pyarrow.parquet.read_table(io.BytesIO(content)).to_pandas())
    text = text_of(name, content)
    return ("rows", text.splitlines()) if name.endswith((".csv", ".xlsx", ".pptx")) else ("whole", [text])


def of_pages(monkeypatch: pytest.MonkeyPatch, month: str, tabs: Sequence[str]) -> Iterator[tuple[str, Exit]]:
    """Look at every page, with tabs of Explore, and make every file it offers."""
    files = collect_files(monkeypatch)
    forget()
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    asked = {"lang": "en", "period": month, "unit": "w01", "units": "w01,w02", "whatif": "files_on_time:99"}
    app.run()
    for page in PAGES:
        for tab in tabs if page == "explore.py" else ("",):
            name = f"{page} {tab}".strip()
            if tab:
                app.session_state["tab"] = tab
            for key, value in asked.items():
                app.query_params[key] = value
            files.clear()
            app.switch_page(f"pages/{page}").run()
            assert not app.exception, f"{name}: {app.exception[0].message}"
            pieces = [element.proto.body for element in app.get("html")]
            others = [item.value for kind in (app.markdown, app.caption, app.info, app.warning) for item in kind]
            others += [chart.proto.spec for chart in app.get("plotly_chart")]
            yield name, ("whole", ["\n".join([*pieces, *others])])
            yield f"{name}: rows", ("rows", [row for piece in pieces for row in Elements(piece).rows])
            if tab != "sql":  # what a query answers is marked above it, and in its file
                yield f"{name}: grids", ("rows", [row for grid in app.dataframe for row in rows_of(grid.value)])
            for file, content in files.items():
                yield f"{name}: {file}", file_exit(file, content)


def of_routes(places: Settings, month: str) -> Iterator[tuple[str, Exit]]:
    """Ask every address of the server."""
    live = Live(places)
    with TestClient(Starlette(routes=live.routes())) as client:
        for path, asked in addresses(live, "service", month, ["w01", "w03"]):
            if asked.get("lang", "en") != "en":
                continue
            answer = client.get(path, params={"lang": "en"} | asked)
            name, kind = str(answer.request.url), answer.headers.get("content-type", "")
            if kind.startswith("text/csv"):
                header, *rows = answer.text.splitlines()
                assert header.endswith(",has_demonstration"), name
                yield name, ("rows", [row.replace(",true", ",demonstration") for row in rows])
                continue
            if "json" in kind and "rows" in answer.json():
                told = answer.json() | {"rows": []}
                rows = [
                    json.dumps(row).replace('"has_demonstration": true', "demonstration")
                    for row in answer.json()["rows"]
                ]
                yield name, ("rows", rows)
                yield f"{name} facts", ("whole", [f"{told} {told['demonstration']['notice']}"])
                continue
            if "json" in kind and "demonstration" in answer.json():
                notice = answer.json()["demonstration"]["notice"]
                yield name, ("whole", [answer.text.replace("demonstration", ""), notice])
                continue
            yield name, ("whole", [answer.text])
            if kind.startswith("text/html"):
                yield f"{name} titles", ("rows", Elements(answer.text).titles)


def of_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], places: Settings, month: str, most: int | None
) -> Iterator[tuple[str, Exit]]:
    """Type every command that reads a board, with so many of its questions at most; all for None."""
    monkeypatch.setenv("WARDSTATS_VAR", str(places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(places.data))
    made = places.var.parent / "made"
    names = {
        "FIRST": "w01",
        "LAST": "w03",
        "LINE": "files_on_time",
        "MONTH": "2026-05",
        "THEME": "living",
        "OUT": str(made),
    }
    for command, questions in READS.items():
        for words in (
            words for asked in questions[:most] for words in arguments(command, asked, names, month, [Format.json])
        ):
            monkeypatch.setattr(sys, "argv", ["wardstats", *words])
            monkeypatch.setattr("wardstats.cli.main.app", COMMAND)
            with pytest.raises(SystemExit) as stop:
                main()
            out, err = capsys.readouterr()
            name = " ".join(words).replace(str(made), "OUT")
            assert stop.value.code in (0, None, 1), f"{name}: {err}"
            yield f"{name}: notes", ("whole", [err])
            if words[-1] == Format.json and out.startswith("["):
                yield name, ("rows", [json.dumps(row, ensure_ascii=False) for row in json.loads(out)])
            else:
                yield name, ("whole", [out])
            for path in (path for ending in ENDINGS for path in made_files(words, ending)):
                yield f"{name}: file", file_exit(path.name, path.read_bytes())


# --- the walk ---------------------------------------------------------------------------------------------------------


def unmarked(one: Exit, other: Exit) -> list[str]:
    """Return what differs between two answers and is not marked."""
    found = []
    mine, theirs = ([PASSING.sub("", line) for line in lines] for _, lines in (one, other))
    for (kind, _), lines, known in ((one, mine, theirs), (other, theirs, mine)):
        if kind == "whole":
            found += [line[:300] for line in lines if lines != known and not MARK.search("\n".join(lines))]
            continue
        others = Counter(line.partition("\0")[0] for line in known)
        for line in lines:
            text = line.partition("\0")[0]  # after it stands what its table is called
            others[text] -= 1
            if others[text] < 0 and not MARK.search(line):
                found.append(line[:300])
    return found


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("state", MONTHS)
def test_whatever_comes_of_a_made_up_figure_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, state: str
) -> None:
    month, answers, is_thorough = MONTHS[state], [], state == "mixed"  # each question once
    for is_other in (False, True):
        folder = tmp_path / str(is_other)
        places = board(state, is_other, folder)
        monkeypatch.setenv("WARDSTATS_VAR", str(places.var))
        monkeypatch.setenv("WARDSTATS_DATA", str(places.data))
        with monkeypatch.context() as patch:
            found = dict(of_pages(patch, month, TABS if is_thorough else TABS[:1]))
        found |= dict(of_routes(places, month))
        with monkeypatch.context() as patch:
            found |= dict(of_commands(patch, capsys, places, month, None if is_thorough else 1))
        answers.append(found)
    first, second = answers
    assert set(first) == set(second)
    faults = [f"{name}: {line}" for name in first for line in unmarked(first[name], second[name])]
    assert not faults, f"{len(faults)} without a mark\n" + "\n".join(faults)
    assert sum(first[name] != second[name] for name in first) > 50  # or the walk has compared a board with itself


def test_what_is_real_is_not_marked(small_snapshot: Snapshot) -> None:
    """One of four indicators is made up: lines about the others keep their own status."""
    view = view_of(small_snapshot, "en", "2026-04")
    for table in (draw_lessons(view, "w01").table, draw_profile(view, "w01").table):
        told = dict(zip(table["Indicator"], table["Status"], strict=True))
        assert {name for name, status in told.items() if status == "demonstration"} == {"Green space"}
    movement = draw_movement(view, "w01")
    assert movement is not None
    marks = {part.label: part.mark for part in movement.parts}
    assert (marks["Files on time"], marks["Green space"]) == ("", "demonstration")
