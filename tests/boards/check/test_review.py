"""What those who check a hand-in see: all that its ward saw, the largest change first, in each language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.intake_files import ENGLISH, OFFICER, PERIOD, UNIT, desk_in, place, small_ranges, upload
from tests.views import view_of
from wardstats.boards.check.review import (
    FILES,
    review_file,
    review_html,
    review_lines,
    review_notes,
    review_table,
    told_to_ward,
)
from wardstats.core.export_files import excel_file
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import handing_in
from wardstats.intake.preview import ChangedLine, Preview, preview
from wardstats.intake.queue import HandIn
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Figure
from wardstats.snapshot.store import Snapshot

SLIPPED, SMALL, LEFT_OUT = "poverty_rate_pct", "dossiers_on_time", "qd766_online"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("checked")
    return desk_in(folder, small_ranges(folder))


@pytest.fixture(scope="module")
def handed_in(workspace: Workspace) -> HandIn:
    form = workspace.form(UNIT, PERIOD)
    cells = {place(form, LEFT_OUT, "value"): None}
    entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(form, cells=cells), (), ENGLISH)
    return HandIn(entry.subject or "", (entry,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_a_small_denominator_and_a_missing_line_are_seen(
    workspace: Workspace, handed_in: HandIn, language: str
) -> None:
    speak, form = translator(language), workspace.form(UNIT, PERIOD)
    before = Figure(None, 675, 17_491, "official", "decision_766_2022")
    rows = form.rows | {SLIPPED: replace(form.rows[SLIPPED], last=before, now=None)}
    form = replace(form, rows=rows)
    lines = [
        ChangedLine(code, PERIOD, None, None, None, None, (2.0, points), 3.0)
        for code, points in ((SLIPPED, 0.1), (SMALL, 1.9))
    ]
    table = review_table(review_lines(handed_in, form, Preview(lines, None, [], 0), speak), speak)
    names = [form.rows[code].indicator.text(language) for code in (SLIPPED, SMALL)]
    assert table[speak("Indicator")].tolist()[:2] == names
    first = table.iloc[0]
    assert speak.number(17_491, 0) in first[speak("Period before")] and "(180 / 200)" in first[speak("Submitted")]
    assert first[speak("Difference")] == speak.signed(90 - 675 / 17_491 * 100, 2)
    assert (first[speak("Points so far")], first[speak("Points then")]) == (speak.number(2, 2), speak.number(0.1, 2))
    assert speak.number(675 / 17_491 * 100, 2) in first[speak("Second look")]
    assert f"{speak('Denominator')}: 200" in first[speak("Second look")]
    unusual, missing = review_notes(handed_in, form, speak)
    looked_at = table.set_index(speak("Indicator"))[speak("Second look")]
    assert f"{speak('Denominator')}: " in looked_at[names[0]] and speak.number(17_491, 0) in looked_at[names[0]]
    assert str((looked_at != "").sum()) in unusual
    assert form.rows[LEFT_OUT].indicator.text(language) in missing


def test_every_line_that_was_handed_in_is_there_and_no_other(workspace: Workspace, handed_in: HandIn) -> None:
    form = workspace.form(UNIT, PERIOD)
    table = review_table(review_lines(handed_in, form, None, ENGLISH), ENGLISH)
    expected = {row.indicator.text("en") for code, row in form.rows.items() if code != LEFT_OUT}
    assert set(table["Indicator"]) == expected and len(table) == len(expected)


def test_checkers_read_what_the_ward_was_told(workspace: Workspace, handed_in: HandIn) -> None:
    form, notices = workspace.form(UNIT, PERIOD), handed_in.latest.details["notices"]
    table = told_to_ward(handed_in, form, ENGLISH)
    assert table["Found"].tolist() == [notice["found"] for notice in notices]
    assert table["What to do"].tolist() == [notice["remedy"] for notice in notices]
    assert len(notices) > 0


def test_a_hidden_figure_that_was_passed_over_is_told_to_the_checkers(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, small_ranges(tmp_path))
    form = desk.form(UNIT, PERIOD)

    def hide(book: Workbook) -> None:
        book.copy_worksheet(book.worksheets[0]).sheet_state = "hidden"

    entry = handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, upload(form, change=hide), (), ENGLISH)
    told = told_to_ward(HandIn(entry.subject or "", (entry,)), form, ENGLISH)
    assert told["Found"].str.contains("hidden").any()


@pytest.mark.parametrize("language", LANGUAGES)
def test_made_up_figures_beside_submitted_ones_say_so(laocai: Snapshot, tmp_path: Path, language: str) -> None:
    desk, speak = desk_in(tmp_path), translator(language)
    form = desk.form(UNIT, PERIOD)
    entry = handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, upload(form), (), speak)
    item, word = HandIn(entry.subject or "", (entry,)), speak("demonstration")
    table = review_table(review_lines(item, form, preview(desk, form, item.latest, laocai), speak), speak)
    derived = ["Period before", "So far", "Difference", "Points so far"]
    for title in derived:
        known = [text for text in table[speak(title)] if not text.startswith("–")]
        assert known and all(text.endswith(word) for text in known), title
    assert not any(table[speak(title)].str.contains(word, regex=False).any() for title in ("Submitted", "Points then"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_leaves_with_numbers_and_the_status_of_each_line(
    laocai: Snapshot, tmp_path: Path, language: str
) -> None:
    desk, speak = desk_in(tmp_path), translator(language)
    form = desk.form(UNIT, PERIOD)
    cells = {place(form, SMALL, "evidence"): "report.pdf"}
    entry = handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, upload(form, cells=cells), (), speak)
    item = HandIn(entry.subject or "", (entry,))
    lines = review_lines(item, form, preview(desk, form, item.latest, laocai), speak)
    export = review_file(view_of(laocai, language, period="2026-09"), item, form, lines)
    frame = export.frame.set_index(speak("Indicator"))
    own = frame.loc[form.rows[SMALL].indicator.text(language)]
    counts = [own[f"{speak('Submitted')}: {speak(name)}"] for name in ("Numerator", "Denominator")]
    assert counts == [180, 200] and own[speak("Submitted")] == 90
    assert own[speak("Evidence")] == "report.pdf"
    assert own[speak("Difference")] == pytest.approx(90 - own[speak("Before")])
    assert own[speak("Status")] == speak("demonstration")  # of what it is compared with
    assert set(frame[speak("Status")]) <= {speak("demonstration"), speak("reported")}
    assert (speak("Period"), speak.period(PERIOD)) in export.notes and export.warnings == 1
    assert excel_file(export)[:2] == b"PK"
    html = review_html(lines, speak)
    assert f'<a class="ws-card-link" href="#{FILES}" target="_self">report.pdf</a>' in html


def test_a_warning_says_whether_the_ward_had_it_too(workspace: Workspace, handed_in: HandIn) -> None:
    form = workspace.form(UNIT, PERIOD)
    before = Figure(None, 675, 17_491, "official", "decision_766_2022")  # came in after the ward had submitted
    form = replace(form, rows=form.rows | {SLIPPED: replace(form.rows[SLIPPED], last=before, now=None)})
    told = {notice["indicator"] for notice in handed_in.latest.details["notices"]}
    for line in review_lines(handed_in, form, None, ENGLISH):
        assert line.was_told == (line.row.code in told)
        (text,) = review_table([line], ENGLISH)["Second look"]
        assert ("(the ward was told)" in text) == bool(line.warning and line.was_told)
        assert ("(the ward was not told)" in text) == bool(line.warning and not line.was_told)
