"""No cell that leaves is taken for a formula, whoever writes the file: page, explorer, SQL box, API, command line."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.programs import program
from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards import explore
from wardstats.boards.explore.sql import answer_file
from wardstats.boards.ranking.board import draw_ranking
from wardstats.cli.main import app
from wardstats.core.export_files import Export, csv_file, excel_file
from wardstats.core.formula_guard import FORMULA_STARTS, neutral_frame, neutralise
from wardstats.core.settings import PROJECT
from wardstats.core.statuses import NO_FIGURES
from wardstats.live.responses import csv_pieces
from wardstats.snapshot.store import Snapshot

HOSTILE = '=HYPERLINK("http://example.com")'
NASTY = [start + "SUM(1;2)" for start in FORMULA_STARTS]

# Where a table is written as CSV, and why that is safe.
WRITERS = {
    "core/export_files.py": "guarded by neutral_frame",
    "cli/console.py": "guarded by neutral_frame",
    "live/responses.py": "guarded by neutral_frame",
    "catalogue/demonstration.py": "writes the data folder: codes and numbers only",
    "catalogue/demonstration_national.py": "likewise",
    "core/csv_rows.py": "writes the data folder, which the program reads again: a text stays as it was given",
    "intake/web_form.py": "what an officer typed, judged as a workbook is; it leaves the program as one only",
    "live/conference.py": "a key that never leaves",
}


@pytest.fixture
def hostile(small: Folder, tmp_path: Path) -> Snapshot:
    """A block one of whose units, indicators and themes have names that a spreadsheet would run."""
    small.set_cell("units.csv", "w01", "name_vi", HOSTILE).set_cell("units.csv", "w01", "name_en", HOSTILE)
    small.set_cell("indicators.csv", "files_on_time", "name_en", "+files")
    small.set_cell("themes.csv", "service", "name_en", "@service")
    return build_and_publish(small.path, tmp_path / "var")


def cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]


def is_harmless(cell: str) -> bool:
    return not cell.startswith(FORMULA_STARTS) or bool(re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell))


@pytest.mark.hostile("XSS in name, note, by, cells")
@pytest.mark.parametrize("text", NASTY)
def test_every_sign_that_starts_a_formula_is_disarmed(text: str) -> None:
    assert neutralise(text) == "'" + text
    frame = pd.DataFrame({text: pd.Series([text, None, "Đông An"]), "value": [-1.5, 2.0, float("nan")]})
    for column in (frame[text], frame[text].astype(object), frame[text].astype("category")):
        guarded = neutral_frame(frame.assign(**{text: column}))
        assert guarded.iloc[0, 0] == "'" + text
        assert guarded.iloc[2, 0] == "Đông An"
        assert guarded.isna().iloc[1, 0]
        assert guarded.columns[0] == "'" + text
        assert guarded["value"].tolist()[:2] == [-1.5, 2.0]
    assert frame.iloc[0, 0] == text  # the table itself is not changed


def files(snapshot: Snapshot) -> dict[str, Callable[[], str]]:
    view = view_of(snapshot, "en")
    shown = explore.draw_selection(view, explore.Filter(view.period))
    answer = snapshot.query("unit", language="vi")
    return {
        "ranking page": lambda: csv_file(Export("ranking", draw_ranking(view).table, view.speak("Status"))).decode(),
        "explorer": lambda: csv_file(explore.file_of(view, shown, "http://localhost/explore")).decode(),
        "SQL box": lambda: csv_file(answer_file(view, answer, "=1+1")).decode(),
        "API": lambda: "".join(csv_pieces(snapshot.query("ranking", period=view.period, node="total", language="vi"))),
    }


@pytest.mark.hostile("XSS in name, note, by, cells")
@pytest.mark.parametrize("name", ["ranking page", "explorer", "SQL box", "API"])
def test_files_of_a_hostile_block_are_harmless(hostile: Snapshot, name: str) -> None:
    found = cells(files(hostile)[name]())
    assert any(HOSTILE in cell for cell in found)
    assert [cell for cell in found if not is_harmless(cell)] == []


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_workbooks_of_a_hostile_block_hold_texts_only(hostile: Snapshot) -> None:
    view = view_of(hostile, "en")
    shown = explore.draw_selection(view, explore.Filter(view.period))
    with zipfile.ZipFile(io.BytesIO(excel_file(explore.file_of(view, shown, "=1+1")))) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert any("HYPERLINK" in text for text in texts)
    assert [text for text in texts if text.startswith(FORMULA_STARTS)] == []


@pytest.mark.hostile("XSS in name, note, by, cells")
@pytest.mark.parametrize("command", [["rank", "--lang", "vi"], ["values", "--unit", "w01"]])
def test_the_command_line_writes_harmless_csv(
    hostile: Snapshot, small: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("WARDSTATS_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("WARDSTATS_DATA", str(small.path))
    result = CliRunner().invoke(app, [*command, "--format", "csv"])
    assert result.exit_code == 0, result.output
    assert [cell for cell in cells(result.stdout) if not is_harmless(cell)] == []
    assert ("'=" in result.stdout) == (command[0] == "rank")


def test_nothing_else_writes_csv() -> None:
    """A new writer has to be guarded, and named here."""
    found = {
        path.relative_to(PROJECT / "wardstats").as_posix()
        for path in (PROJECT / "wardstats").rglob("*.py")
        if re.search(r"\.to_csv\(|csv\.(dict)?writer\(", path.read_text(encoding="utf-8"), re.IGNORECASE)
    }
    assert found == set(WRITERS)
    assert not [path.name for path in (PROJECT / "pages").glob("*.py") if "to_csv" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_libreoffice_reads_what_was_written(laocai: Snapshot, tmp_path: Path, ending: str) -> None:
    """Vietnamese, Devanagari, numbers and disarmed texts come through LibreOffice as they went in."""
    view = view_of(laocai, "vi")
    shown = explore.draw_selection(view, explore.Filter(view.period))
    export = explore.file_of(view, shown, "http://localhost/explore")
    frame = export.frame.head(200).assign(hindi="हिन्दी अंक", nasty=["=1+1", "@SUM(A1)"] * 100)
    export = Export("figures", frame, NO_FIGURES, {}, [("Ghi chú", "Đ, â, ê, ữ")])
    source = tmp_path / f"figures.{ending}"
    source.write_bytes({"xlsx": excel_file, "csv": csv_file}[ending](export))
    # 44,34,76: comma, quotes, UTF-8; whole numbers, not as shown; -1 writes every sheet, the second has the figures
    options = "44,34,76,1,,0,false,false,false,false,false,-1" if ending == "xlsx" else "44,34,76,1"
    command = [
        program("soffice"), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        *([] if ending == "xlsx" else ["--infilter=CSV:44,34,76,1"]),
        "--convert-to", f"csv:Text - txt - csv (StarCalc):{options}", "--outdir", str(tmp_path / "out"), str(source),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    [written] = (tmp_path / "out").glob("*Figures.csv" if ending == "xlsx" else "*.csv")
    read = pd.read_csv(written, dtype=str, keep_default_na=False)
    assert len(read) == 200, done.stderr
    texts = [
        name for name in frame.columns
        if pd.api.types.is_object_dtype(frame[name]) or isinstance(frame[name].dtype, pd.StringDtype)
    ]  # fmt: skip
    assert {"unit_name", "hindi", "nasty"} <= set(texts)
    if ending == "csv":  # any spreadsheet takes the noughts off a code in a CSV file; the workbook keeps them
        assert read.pop("unit_code").str.zfill(5).tolist() == frame["unit_code"].tolist()
        texts.remove("unit_code")
    for name in texts:
        assert read[name].tolist() == [neutralise(str(cell)) if pd.notna(cell) else "" for cell in frame[name]], name
    for name in frame.select_dtypes("float").columns:
        found = [float(cell) if cell else float("nan") for cell in read[name]]
        assert found == pytest.approx(frame[name].tolist(), rel=1e-9, nan_ok=True), name
