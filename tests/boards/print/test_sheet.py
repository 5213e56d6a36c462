"""The printable sheet: what it says in each language, its pages and fonts, and the command that writes it."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import typer
from typer.testing import CliRunner

from tests.programs import program
from tests.small_block import SMALL, Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.print.sheet import sheet_facts, sheet_pdf
from wardstats.cli import sheet
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import LANGUAGES
from wardstats.snapshot.store import Snapshot

SA_PA = "03006"
EXPECTED = {
    "vi": (
        "Sa Pa", "Kỳ tháng 10/2026", "Khối thi đua các phường tỉnh Lào Cai", "SỐ LIỆU MINH HỌA.", "BỘ TIÊU CHÍ MẪU.",
        "Điểm theo lĩnh vực", "Vệ sinh môi trường", "Tỷ lệ hồ sơ giải quyết đúng hạn", "minh họa", "Số liệu còn thiếu",
        "Trang 1/2",
    ),
    "en": (
        "Sa Pa", "period October 2026", "DEMONSTRATION FIGURES.", "SAMPLE CRITERIA.", "Points by theme",
        "Environmental sanitation", "demonstration", "Missing figures", "Page 1 of 2",
    ),
    "hi": (
        "सा पा", "अवधि अक्टूबर 2026", "नमूना (डेमो) आँकड़े।", "नमूना मानदंड।", "विषय के अनुसार अंक", "पर्यावरणीय स्वच्छता",
        "समय पर निस्तारित आवेदन", "अनुपलब्ध आँकड़े", "पृष्ठ 1 / 2",
    ),
}  # fmt: skip
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def sheets(laocai: Snapshot) -> dict[str, bytes]:
    """Sa Pa's sheet in each language."""
    return {language: sheet_pdf(view_of(laocai, language), SA_PA) for language in LANGUAGES}


def text_of(document: bytes) -> str:
    pages = list(pypdfium2.PdfDocument(document))
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def squeezed(text: str) -> str:
    """A text without spaces: readers of PDF guess spaces from gaps, and guess them wrong around Devanagari vowels."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


@each_language
def test_the_text_can_be_read_out_of_the_file(sheets: dict[str, bytes], language: str) -> None:
    text = squeezed(text_of(sheets[language]))
    for expected in EXPECTED[language]:
        assert squeezed(expected) in text


@each_language
def test_pdftotext_reads_the_same(sheets: dict[str, bytes], language: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(sheets[language])
    command = [program("pdftotext"), "-raw", str(path), "-"]
    found = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    for expected in EXPECTED[language]:
        assert squeezed(expected) in squeezed(found.stdout)


@each_language
def test_two_pages_of_a4_with_a_title(sheets: dict[str, bytes], language: str) -> None:
    document = pypdfium2.PdfDocument(sheets[language])
    assert len(document) == 2
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert document.get_metadata_dict()["Title"].startswith(EXPECTED[language][0])
    assert document.is_tagged()


@each_language
def test_every_font_is_embedded(sheets: dict[str, bytes], language: str) -> None:
    fonts = {}
    for page in pypdfium2.PdfDocument(sheets[language]):
        for item in page.get_objects(max_depth=4):
            if isinstance(item, pypdfium2.PdfTextObj):
                font = item.get_font()
                fonts[font.get_base_name().partition("+")[2]] = font.is_embedded
    families = {"SourceSans3-Roman"} | ({"NotoSansDevanagari-Regular"} if language == "hi" else set())
    assert fonts == dict.fromkeys(families, True)


def test_figures_are_those_of_the_ranking(laocai: Snapshot) -> None:
    view = view_of(laocai, "vi")
    facts = sheet_facts(view, SA_PA)
    ranking = view.frame("ranking", period=view.period, node="total", language="vi").set_index("unit_code")
    own = ranking.loc[SA_PA]
    assert facts["rank"] == str(own["rank"])
    assert facts["boxes"][0]["finding"] == view.speak.number(own["score"], 2)
    rows = [row for group in facts["indicators"] for row in group["rows"]]
    assert len(rows) == own["indicator_count"]
    assert sum(row["is_missing"] for row in rows) == own["missing_count"]
    assert len(facts["lift"]["rows"]) <= 5


def test_the_theme_looked_at_does_not_matter(laocai: Snapshot) -> None:
    view = view_of(laocai, "en")
    assert sheet_facts(replace(view, node="social_security"), SA_PA) == sheet_facts(view, SA_PA)


def test_real_figures_carry_no_notice(provinces: Snapshot) -> None:
    facts = sheet_facts(view_of(provinces, "vi"), "H13")
    assert facts["notices"] == []
    assert facts["trend"] is None
    assert facts["why"]["parts"] == []
    text = text_of(sheet_pdf(view_of(provinces, "vi"), "H13"))
    assert "MINH HỌA" not in text
    assert "chính thức" in text


def test_the_first_one_is_told_that_it_is_first(provinces: Snapshot) -> None:
    facts = sheet_facts(view_of(provinces, "en"), "H20")
    assert facts["is_first"]
    assert facts["lift"]["headline"] == "It is in first place. Most points are still to be had here:"
    first = facts["lift"]["rows"][0]
    assert (first["label"], first["step"], first["points"]) == (
        "Procedures published on time", "0.00 of 6 points", "+6.00",
    )  # fmt: skip
    assert pypdfium2.PdfDocument(sheet_pdf(view_of(provinces, "en"), "H20"))


def test_parts_of_small_block_by_hand(small_snapshot: Snapshot) -> None:
    """w03 in 2026-04: 24 of 40 for files, petitions missing, poverty 0, green space 20 of 20 (see tests/small)."""
    facts = sheet_facts(view_of(small_snapshot, "en"), "w03")
    rows = {row["name"]: row for group in facts["indicators"] for row in group["rows"]}
    assert rows["Files on time"]["points"] == "24.00"
    assert rows["Files on time"]["rank"] == "3/3"
    assert rows["Green space"]["rank"] == "1/3"
    assert rows["Petitions answered"]["is_missing"]
    assert facts["missing"].startswith("Petitions answered. The other indicators take over their weight.")


def test_a_year_in_which_missing_counts_zero_says_so(small_snapshot: Snapshot) -> None:
    facts = sheet_facts(view_of(small_snapshot, "en", period="2025-12"), "w03")
    assert "They count nothing." in facts["missing"]
    assert [notice["title"] for notice in facts["notices"]][-1] == "Sample criteria."
    assert pypdfium2.PdfDocument(sheet_pdf(view_of(small_snapshot, "en", period="2025-12"), "w03"))


def test_without_ranges_the_sheet_says_nothing_about_them(small: Folder, tmp_path: Path) -> None:
    small.append("block.toml", "[robustness]", "draws = 0")
    view = view_of(build_and_publish(small.path, tmp_path / "var"))
    assert sheet_facts(view, "w01")["range"] == ""


def test_texts_of_the_data_are_texts_and_no_markup(small: Folder, tmp_path: Path) -> None:
    """Typst would run what looks like its own language, were names pasted into the source."""
    name = '#panic("x") *b* [c] $d$'
    small.set_cell("units.csv", "w01", "name_en", name)
    document = sheet_pdf(view_of(build_and_publish(small.path, tmp_path / "var"), "en"), "w01")
    assert squeezed(name) in squeezed(text_of(document))


def test_a_unit_that_is_not_ranked_is_refused_with_those_that_are(small_snapshot: Snapshot) -> None:
    with pytest.raises(WardStatsError, match=r"'w09' is not ranked\. The members are: w0"):
        sheet_pdf(view_of(small_snapshot), "w09")


def test_the_same_view_gives_the_same_file(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot, "hi")
    assert sheet_pdf(view, "w01") == sheet_pdf(view, "w01")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run the command on the small block."""
    monkeypatch.setenv("WARDSTATS_DATA", str(SMALL))
    monkeypatch.setenv("WARDSTATS_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    sheet.register(app)
    return lambda *arguments: CliRunner().invoke(app, ["sheet", *arguments])


def test_the_command_writes_the_file(run, tmp_path: Path) -> None:
    answer = run("--unit", "w02", "--period", "2026-03", "--lang", "en", "--output", "out.pdf")
    assert answer.exit_code == 0
    assert answer.stdout.strip() == "out.pdf"
    text = text_of((tmp_path / "out.pdf").read_bytes())
    assert "Ân Hà" in text
    assert "March 2026" in text
    assert run("--unit", "w02").stdout.strip() == "wardstats_w02_2026-04_vi.pdf"


def test_the_command_says_what_is_wrong(run) -> None:
    assert isinstance(run("--unit", "w09").exception, WardStatsError)
    assert isinstance(run("--unit", "w01", "--lang", "fr").exception, WardStatsError)
    failed = run("--unit", "w01", "--output", "nowhere/out.pdf").exception
    assert "cannot be written" in str(failed)
