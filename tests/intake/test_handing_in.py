"""From hand-in to published board and back: each step, who is told what, and that nothing else changes a board."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from tests.intake_files import (
    CHECKER,
    ENGLISH,
    OFFICER,
    OTHER,
    OTHER_OFFICER,
    PDF,
    PERIOD,
    PNG,
    SECRETARIAT,
    UNIT,
    desk_in,
    place,
    small_ranges,
    upload,
)
from wardstats.core import pointer
from wardstats.intake import checking, handing_in, publishing, queue
from wardstats.intake.evidence import safe_name, sniff_evidence
from wardstats.intake.faults import IntakeError, RejectedError
from wardstats.intake.form import Form, choosable_periods, form_of
from wardstats.intake.handing_in import DuplicateError, Upload
from wardstats.intake.preview import preview
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry, StaleError
from wardstats.ledger.access import AccessError, Actor
from wardstats.snapshot import publications
from wardstats.snapshot.store import Store

LINE = "dossiers_on_time"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return desk_in(tmp_path, small_ranges(tmp_path))


def give(
    workspace: Workspace, unit: str = UNIT, actor: Actor = OFFICER, period: str = PERIOD, **options: object
) -> Entry:
    form = workspace.form(unit, period)
    return handing_in.hand_in(workspace, actor, unit, period, upload(form, **options), (), ENGLISH)


def form_of_unit(workspace: Workspace, unit: str = UNIT) -> Form:
    return workspace.form(unit, PERIOD)


def board(workspace: Workspace) -> dict[str, tuple[int, float]]:
    frame = Store(workspace.places.var).current().query("ranking", period=PERIOD, node="total", language="en")
    ranked = frame[frame["rank"].notna()].to_dict("records")
    return {row["unit_code"]: (int(row["rank"]), round(row["score"], 6)) for row in ranked}


def in_force(workspace: Workspace, unit: str = UNIT) -> str:
    form = workspace.form(unit, PERIOD)
    return workspace.in_force([(unit, LINE, form.rows[LINE].period)])[unit, LINE, PERIOD].status


def test_only_what_is_accepted_counts(workspace: Workspace) -> None:
    publishing.publish(workspace, SECRETARIAT)
    before = board(workspace)
    subject = give(workspace).subject or ""
    assert in_force(workspace) == "demonstration"
    publishing.publish(workspace, SECRETARIAT, "nothing accepted yet")
    assert board(workspace) == before
    checking.cross_check(workspace, CHECKER, subject)
    checking.appraise(workspace, SECRETARIAT, subject)
    assert in_force(workspace) == "demonstration"
    entry = checking.accept(workspace, SECRETARIAT, subject, note="agreed")
    assert in_force(workspace) == "verified"
    assert board(workspace) == before
    publishing.publish(workspace, SECRETARIAT, "third reading", is_final=True)
    # One real figure of an indicator drops the made-up ones of all: nobody else has a figure in this period now.
    assert list(board(workspace)) == [UNIT]
    assert {change.after.status for change in entry.changes if change.after} == {"verified"}
    assert {change.before.status for change in entry.changes if change.before} == {"demonstration"}
    assert publishing.roll_back(workspace, SECRETARIAT, note="a slip", reason="it was not the result") == entry_id(
        workspace, -2
    )
    assert board(workspace) == before
    actions = [entry.action for entry in workspace.ledger.entries()]
    assert actions == ["publish", "handin", "publish", "cross_check", "appraise", "accept", "publish", "rollback"]
    assert workspace.ledger.verify() == []


def test_an_acceptance_is_taken_back_until_it_is_published(workspace: Workspace) -> None:
    publishing.publish(workspace, SECRETARIAT)
    before, state = board(workspace), workspace.state()
    subject = give(workspace).subject or ""
    checking.cross_check(workspace, CHECKER, subject)
    accepted = checking.accept(workspace, SECRETARIAT, subject)
    assert (in_force(workspace), workspace.state()) != ("demonstration", state)
    undone = checking.undo_acceptance(workspace, SECRETARIAT, subject, note="the wrong ward")
    assert undone.details["undoes"] == accepted.number
    assert queue.find_hand_in(workspace.ledger.entries(), subject).state == "cross_checked"
    assert (in_force(workspace), workspace.state()) == ("demonstration", state)
    publishing.publish(workspace, SECRETARIAT, "as if nothing had been accepted")
    assert board(workspace) == before
    with pytest.raises(IntakeError, match="found no acceptance that waits"):
        checking.undo_acceptance(workspace, SECRETARIAT, subject)
    checking.accept(workspace, SECRETARIAT, subject)
    assert in_force(workspace) == "verified"
    publishing.publish(workspace, SECRETARIAT)
    with pytest.raises(IntakeError, match="what was published is corrected"):
        checking.undo_acceptance(workspace, SECRETARIAT, subject)
    assert workspace.ledger.verify() == []


def test_two_persons_where_the_block_asks_for_them(workspace: Workspace) -> None:
    path = workspace.places.data / "block.toml"
    path.write_text("two_persons = true\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    subject = give(workspace).subject or ""
    with pytest.raises(AccessError, match="no check by somebody else"):
        checking.accept(workspace, SECRETARIAT, subject)
    checking.appraise(workspace, SECRETARIAT, subject)
    for email in (SECRETARIAT.email, SECRETARIAT.email.title()):
        with pytest.raises(AccessError, match="no check by somebody else"):
            checking.accept(workspace, replace(SECRETARIAT, email=email), subject)
    checking.accept(workspace, replace(SECRETARIAT, email="second@block.test"), subject)
    checking.undo_acceptance(workspace, SECRETARIAT, subject)
    checking.give_back(workspace, SECRETARIAT, subject, note="once more")
    give(workspace, share=0.8)  # what was checked is not this version
    with pytest.raises(AccessError, match="no check by somebody else"):
        checking.accept(workspace, replace(SECRETARIAT, email="second@block.test"), subject)


def entry_id(workspace: Workspace, number: int) -> str:
    return pointer.read_history(workspace.places.var)[number - 1].snapshot_id


def test_a_returned_line_is_mended_and_handed_in_again(workspace: Workspace) -> None:
    subject = give(workspace).subject or ""
    checking.give_back(workspace, CHECKER, subject, lines={LINE: "Compare with the portal"})
    found = queue.find_hand_in(workspace.ledger.entries(), subject)
    assert found.state == "returned"
    assert [note for _, note in found.line_notes()[LINE]] == ["Compare with the portal"]
    with pytest.raises(IntakeError, match="found it returned"):
        checking.accept(workspace, SECRETARIAT, subject)
    again = give(workspace, cells={place(form_of_unit(workspace), LINE, "numerator"): 150})
    assert again.subject == subject
    found = queue.find_hand_in(workspace.ledger.entries(), subject)
    assert (found.state, found.figures[LINE][1].numerator) == ("self_scored", 150)
    checking.accept(workspace, SECRETARIAT, subject)
    assert queue.find_hand_in(workspace.ledger.entries(), subject).state == "accepted"


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_nobody_settles_their_own_and_a_return_needs_a_reason(workspace: Workspace) -> None:
    subject = give(workspace, actor=SECRETARIAT).subject or ""
    in_capitals = replace(SECRETARIAT, email=SECRETARIAT.email.upper())  # as a provider may spell it the next day
    for step, actor in product((checking.cross_check, checking.appraise, checking.accept), (SECRETARIAT, in_capitals)):
        with pytest.raises(AccessError, match="the one who submitted it"):
            step(workspace, actor, subject)
    with pytest.raises(IntakeError, match="found no reason"):
        checking.give_back(workspace, CHECKER, subject)
    with pytest.raises(IntakeError, match="lines that it has"):
        checking.give_back(workspace, CHECKER, subject, lines={"invented": "?"})
    assert [entry.action for entry in workspace.ledger.entries()] == ["handin"]


def test_the_same_file_twice_is_recognised(workspace: Workspace) -> None:
    book = upload(form_of_unit(workspace))
    first = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, book, (), ENGLISH)
    with pytest.raises(DuplicateError, match=f"entry {first.number}"):
        handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, replace(book, name="other.xlsx"), (), ENGLISH)
    handing_in.withdraw(workspace, OFFICER, first.subject or "", note="wrong month")
    assert handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, book, (), ENGLISH).subject != first.subject


@pytest.mark.hostile("evidence files and names")
def test_faulty_files_and_evidence_leave_no_trace(workspace: Workspace) -> None:
    with pytest.raises(RejectedError) as caught:
        give(workspace, cells={place(form_of_unit(workspace), LINE, "numerator"): 999})
    assert len(caught.value.findings) == 1
    workbook = upload(form_of_unit(workspace))
    bad = [Upload("a.pdf", b"MZ\x90\x00"), Upload("b.png", b"<script>"), Upload("ok.pdf", PDF)]
    with pytest.raises(RejectedError) as caught:
        handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, workbook, bad, ENGLISH)
    assert [finding.sheet for finding in caught.value.findings] == ["a.pdf", "b.png"]
    assert workspace.ledger.entries() == []
    assert not workspace.ledger.folder.exists()


@pytest.mark.hostile("evidence files and names")
def test_evidence_is_kept_under_its_digest_by_content_not_by_name(workspace: Workspace) -> None:
    files = [Upload("../../etc/<b>x</b>.pdf", PDF), Upload("photo.txt", PNG)]
    entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(form_of_unit(workspace)), files, ENGLISH)
    assert [item.name for item in entry.attachments] == ["03006.xlsx", "b_.pdf", "photo.txt"]
    assert [item.media_type for item in entry.attachments[1:]] == ["application/pdf", "image/png"]
    assert workspace.ledger.path(entry.attachments[1].sha256).read_bytes() == PDF
    workspace.ledger.path(entry.attachments[1].sha256).write_bytes(b"other")
    assert len(workspace.ledger.verify()) == 1


@pytest.mark.hostile("evidence files and names")
@pytest.mark.parametrize("content", [b"", b"PDF", b" %PDF-1.7", b"GIF89a", b"<svg onload=alert(1)>", b"PK\x03\x04"])
def test_other_files_are_no_evidence(content: bytes) -> None:
    assert sniff_evidence(content) is None


@pytest.mark.hostile("evidence files and names")
def test_names_of_files_are_made_harmless() -> None:
    assert safe_name("C:\\secret\\báo cáo.pdf") == "báo cáo.pdf"
    assert safe_name("a\u202egnp.exe\x00") == "a_gnp.exe_"
    assert safe_name("...") == "file"


def test_two_officers_at_once_lose_nothing(workspace: Workspace) -> None:
    second = replace(OFFICER, name="Second officer", email="second@sapa.test")
    seen = workspace.ledger.head
    form = form_of_unit(workspace)
    first_book, second_book = upload(form), upload(form, share=0.5)
    handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, first_book, (), ENGLISH, expected=seen)
    with pytest.raises(StaleError, match="officer@sapa.test: handin"):
        handing_in.hand_in(workspace, second, UNIT, PERIOD, second_book, (), ENGLISH, expected=seen)
    handing_in.hand_in(workspace, second, UNIT, PERIOD, second_book, (), ENGLISH, expected=workspace.ledger.head)


def test_two_checkers_at_once_and_a_publish_in_between(workspace: Workspace) -> None:
    subject = give(workspace).subject or ""
    seen = workspace.ledger.head
    publishing.publish(workspace, SECRETARIAT)  # about other things: does not make anybody's view stale
    checking.cross_check(workspace, CHECKER, subject, expected=seen)
    with pytest.raises(StaleError, match="cross_check"):
        checking.accept(workspace, SECRETARIAT, subject, expected=seen)
    checking.accept(workspace, SECRETARIAT, subject, expected=workspace.ledger.head)
    with pytest.raises(IntakeError, match="found it accepted"):
        checking.accept(workspace, SECRETARIAT, subject)


def test_many_at_once_all_get_a_number_of_their_own(workspace: Workspace) -> None:
    units = ("02647", "02671", UNIT, OTHER)
    books = {unit: upload(form_of_unit(workspace, unit)) for unit in units}
    told: list[object] = []

    def work(unit: str, name: str) -> None:
        own = Workspace.of(workspace.places)  # as another process would
        actor = Actor(name, "ward_officer", f"{name}@{unit}.test", unit)
        try:
            told.append(handing_in.hand_in(own, actor, unit, PERIOD, books[unit], (), ENGLISH, expected=0))
        except (StaleError, DuplicateError) as error:
            told.append(error)

    threads = [threading.Thread(target=work, args=(unit, name)) for unit in units for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = [item for item in told if isinstance(item, Entry)]
    assert sorted(entry.number for entry in entries) == [1, 2, 3, 4]
    assert {entry.unit_code for entry in entries} == set(units)
    assert workspace.ledger.verify() == []


def test_a_correction_needs_a_reason_and_sense(workspace: Workspace) -> None:
    counts = {"numerator": 190.0, "denominator": 200.0}
    with pytest.raises(IntakeError, match="reason"):
        checking.correct(workspace, SECRETARIAT, UNIT, PERIOD, LINE, counts, " ")
    with pytest.raises(RejectedError):
        checking.correct(workspace, SECRETARIAT, UNIT, PERIOD, LINE, {"numerator": 300, "denominator": 200}, "slip")
    with pytest.raises(IntakeError, match="expected one of"):
        checking.correct(workspace, SECRETARIAT, UNIT, PERIOD, "invented", {"value": 1}, "slip")
    subject = give(workspace).subject or ""
    checking.accept(workspace, SECRETARIAT, subject)
    entry = checking.correct(workspace, SECRETARIAT, UNIT, PERIOD, LINE, counts, "two files were counted twice")
    (change,) = entry.changes
    assert change.before is not None and change.after is not None
    assert (change.before.numerator, change.after.numerator) == (180, 190)
    assert change.after.source_id == change.before.source_id
    with pytest.raises(IntakeError, match="same figure already"):
        checking.correct(workspace, SECRETARIAT, UNIT, PERIOD, LINE, counts, "again")


def test_bonus_and_penalty_move_the_score_and_can_be_lifted(workspace: Workspace) -> None:
    publishing.publish(workspace, SECRETARIAT)
    before = board(workspace)[UNIT][1]
    entry = checking.adjust(workspace, SECRETARIAT, UNIT, PERIOD, -2.5, "late three times")
    publishing.publish(workspace, SECRETARIAT)
    assert board(workspace)[UNIT][1] == pytest.approx(before - 2.5)
    checking.adjust(workspace, SECRETARIAT, UNIT, PERIOD, 0, "was not late", adjustment=entry.subject)
    publishing.publish(workspace, SECRETARIAT)
    assert board(workspace)[UNIT][1] == pytest.approx(before)
    for points, reason in ((float("nan"), "?"), (0, "?"), (1, "")):
        with pytest.raises(IntakeError):
            checking.adjust(workspace, SECRETARIAT, UNIT, PERIOD, points, reason)
    with pytest.raises(IntakeError, match="none of this ward"):
        checking.adjust(workspace, SECRETARIAT, OTHER, PERIOD, 1, "?", adjustment=entry.subject)


def test_the_preview_says_what_acceptance_then_does(workspace: Workspace) -> None:
    publishing.publish(workspace, SECRETARIAT)
    form = form_of_unit(workspace)
    book = upload(form, share=0.99)
    judged, _ = handing_in.validate_file(workspace, OFFICER, UNIT, PERIOD, book, ENGLISH)
    published = Store(workspace.places.var).current()
    shown = preview(workspace, form, handing_in.draft_of(workspace, OFFICER, form, judged, ENGLISH), published)
    assert shown.head == workspace.ledger.head
    assert set(shown.dropped) == set(form.rows)
    line = next(line for line in shown.lines if line.code == LINE)
    assert line.given is not None
    assert (line.status_before, line.after, line.given.numerator) == ("demonstration", 99.0, 198)
    subject = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, book, (), ENGLISH).subject or ""
    checking.accept(workspace, SECRETARIAT, subject)
    publishing.publish(workspace, SECRETARIAT)
    assert shown.standing is not None
    rank, score = board(workspace)[UNIT]
    assert (shown.standing[1].rank, shown.standing[1].score) == (rank, pytest.approx(score))
    assert line.points[1] == pytest.approx(99 / 100 * line.max_points)


def test_late_is_marked(workspace: Workspace) -> None:
    path = workspace.places.data / "block.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[years.2026]", "[years.2026]\ndeadline = 2026-01-15"), encoding="utf-8")
    assert queue.hand_ins([give(workspace)])[0].is_late
    path.write_text(text.replace("[years.2026]", "[years.2026]\nhand_in_days = 10"), encoding="utf-8")
    assert str(form_of_unit(workspace).deadline) == "2026-11-10"


def test_what_a_form_asks_for(workspace: Workspace) -> None:
    catalogue = workspace.catalogue()
    assert form_of(catalogue, UNIT, "2026-10").rows["poverty_rate_pct"].period == "2026-Q3"
    assert form_of(catalogue, UNIT, "2026-12").rows["poverty_rate_pct"].period == "2026-Q4"
    assert "poverty_rate_pct" not in form_of(catalogue, UNIT, "2026-02").rows
    for unit, period, why in (
        ("99999", "2026-10", "no such member"), (UNIT, "2026", "expected a month"), (UNIT, "2031-01", "no criteria"),
        (UNIT, "soon", "expected a month"), (UNIT, "2026-13", "expected a month"),
    ):  # fmt: skip
        with pytest.raises(IntakeError, match=why):
            form_of(catalogue, unit, period)
    from datetime import date

    assert choosable_periods(catalogue, date(2026, 11, 24))[:2] == ["2026-11", "2026-10"]
    assert choosable_periods(catalogue, date(2026, 11, 24))[-1] == "2025-01"


@pytest.mark.hostile("SIGKILL during publish")
def test_a_publication_that_was_begun_is_finished_at_the_next_start(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.publish(workspace, SECRETARIAT)
    first = pointer.read_history(workspace.places.var)[-1].snapshot_id
    checking.accept(workspace, SECRETARIAT, give(workspace).subject or "")
    with monkeypatch.context() as patched:
        patched.setattr(publications, "publish_snapshot", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publishing.publish(workspace, SECRETARIAT, "killed")
    assert pointer.read_history(workspace.places.var)[-1].snapshot_id == first
    finished = publishing.complete(Workspace.of(workspace.places))
    last = pointer.read_history(workspace.places.var)[-1]
    assert (last.snapshot_id, last.note, last.by) == (finished, "killed", SECRETARIAT.name)
    assert finished != first
    assert publishing.complete(workspace) is None


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_notes_are_kept_plain_and_short(workspace: Workspace) -> None:
    subject = give(workspace).subject or ""
    entry = checking.give_back(workspace, CHECKER, subject, note="  one\x07 \u202etwo \n\n three ")
    assert entry.note == "one two\nthree"
    with pytest.raises(IntakeError, match="at most 2000"):
        handing_in.withdraw(workspace, OFFICER, subject, note="x" * 2001)
    with pytest.raises(AccessError):
        handing_in.withdraw(workspace, OTHER_OFFICER, subject)
