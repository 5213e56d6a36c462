"""Every word of the sheet comes out of the PDF whole, in each language, for readers that guess spaces from gaps."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import typst

from tests.programs import program
from tests.views import view_of
from wardstats.boards.print.paper import document_fonts
from wardstats.boards.print.pdf_words import mend_words
from wardstats.boards.print.sheet import sheet_facts, sheet_pdf
from wardstats.core.languages import LANGUAGES
from wardstats.snapshot.store import Snapshot

each_language = pytest.mark.parametrize("language", LANGUAGES)
UNITS = ("03006", "04273")


def words_of(facts: Any) -> Iterator[str]:
    """Every word that the sheet's facts hold, but for codes and colours."""
    if isinstance(facts, dict):
        for key, value in facts.items():
            if key not in ("language", "colour", "page", "made_of", "sources", "kind"):
                yield from words_of(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from words_of(value)
    elif isinstance(facts, str):
        yield from facts.split()


def extracted(document: bytes, tmp_path: Path) -> str:
    source = tmp_path / "sheet.pdf"
    source.write_bytes(document)
    done = subprocess.run([program("pdftotext"), str(source), "-"], capture_output=True, encoding="utf-8", check=True)
    return done.stdout


@each_language
@pytest.mark.parametrize("unit", UNITS)
def test_pdftotext_reads_every_word_whole_and_composed(
    laocai: Snapshot, tmp_path: Path, language: str, unit: str
) -> None:
    view = view_of(laocai, language)
    text = extracted(sheet_pdf(view, unit), tmp_path)
    assert unicodedata.is_normalized("NFC", text)
    found = {word.casefold().strip(".,:;()।") for word in text.split()}
    wanted = {word.casefold().strip(".,:;()।") for word in words_of(sheet_facts(view, unit))} - {""}
    assert {word for word in wanted if word not in found} == set()


@each_language
def test_what_is_seen_does_not_change(laocai: Snapshot, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mended = sheet_pdf(view_of(laocai, language), UNITS[0])
    monkeypatch.setattr("wardstats.boards.print.paper.mend_words", lambda document: document)
    plain = sheet_pdf(view_of(laocai, language), UNITS[0])
    assert (mended != plain) == (language == "hi")  # only Devanagari has signs that are drawn back
    for before, after in zip(pypdfium2.PdfDocument(plain), pypdfium2.PdfDocument(mended), strict=True):
        assert before.render(scale=1).to_numpy().tolist() == after.render(scale=1).to_numpy().tolist()


def test_a_conjunct_and_a_reph_stay_whole(tmp_path: Path) -> None:
    """Signs of no width after the letters they are drawn over, conjuncts of some width, and signs below."""
    words = [
        "संकेतक",
        "केवल",
        "कैसे",
        "कृत",
        "सांस्कृतिक",
        "स्वच्छता",
        "व्यक्ति",
        "सभ्य",
        "कार्य",
        "वर्क",
        "सड़कें",
        "फूल",
        "टूटे",
        "हृदय",
        "स्थिति",
    ]
    page = f'#set page(width: 400pt, height: 300pt)\n#set text(font: "Noto Sans Devanagari")\n{" ".join(words)}'
    source = tmp_path / "words.typ"
    source.write_text(page, encoding="utf-8")
    document = typst.Compiler(source, root=tmp_path, font_paths=document_fonts()).compile(format="pdf")
    assert isinstance(document, bytes)
    assert "संकेतक" not in extracted(document, tmp_path).split()
    assert extracted(mend_words(document), tmp_path).split() == words


@pytest.mark.parametrize("document", [b"", b"%PDF-1.7\nnothing", b"x" * 1000])
def test_what_it_does_not_know_passes_unchanged(document: bytes) -> None:
    assert mend_words(document) == document


def test_what_is_mended_already_passes_unchanged(laocai: Snapshot) -> None:
    document = sheet_pdf(view_of(laocai, "hi"), UNITS[0])
    assert mend_words(document) == document
