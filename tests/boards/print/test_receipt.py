"""The receipt says which entry it is, with its digest, when, by whom and what, in each language; and is a PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exits import text_of
from tests.intake_files import OFFICER, PDF, PERIOD, UNIT, desk_in, place, upload
from tests.views import view_of
from wardstats.boards.print.receipt import receipt_file, receipt_pdf
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import handing_in
from wardstats.intake.handing_in import Upload
from wardstats.intake.queue import HandIn
from wardstats.intake.words import moment
from wardstats.snapshot.store import Snapshot

LINE = "dossiers_on_time"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_was_submitted_is_on_it(laocai: Snapshot, tmp_path: Path, language: str) -> None:
    desk, speak = desk_in(tmp_path), translator(language)
    form = desk.form(UNIT, PERIOD)
    book = upload(form, cells={place(form, LINE, "evidence"): "page-3"})
    evidence = [Upload("report.pdf", PDF)]
    entry = handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, book, evidence, speak, note="From the portal")
    item, view = HandIn(entry.subject or "", (entry,)), view_of(laocai, language, period=PERIOD)
    content = receipt_pdf(view, desk, item)
    assert receipt_file(view, item) == f"wardstats_receipt_{UNIT}_{PERIOD}_1_{language}.pdf"
    text = "".join(text_of("receipt.pdf", content).split())
    digests = [entry.sha256, *(file.sha256 for file in entry.attachments)]
    told = [*digests, OFFICER.email, "report.pdf", "page-3", "Fromtheportal", moment(entry.at, speak), "90,0" if
            language == "vi" else "90.0"]  # fmt: skip
    for part in told:
        assert "".join(part.split()) in text, part
    if language != "hi":  # whose letters a PDF's text gives back in another order
        names = [row.indicator.text(language) for row in form.rows.values()]
        assert [name for name in names if "".join(name.split()) not in text] == []
