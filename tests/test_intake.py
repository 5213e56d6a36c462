"""From hand-in to published board and back: each step, who is told what, and that nothing else changes a board."""

from __future__ import annotations

import threading
from dataclasses import replace
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
from wardstats import snapshot
from wardstats.access import AccessError, Actor
from wardstats.intake import checking, handing_in, publishing, queue
from wardstats.intake.desk import Desk
from wardstats.intake.evidence import safe_name, sniff_evidence
from wardstats.intake.findings import IntakeError, RejectedError
from wardstats.intake.form import Form, choosable_periods, form_of
from wardstats.intake.handing_in import DuplicateError, Upload
from wardstats.intake.preview import preview
from wardstats.ledger import Entry, StaleError
from wardstats.store import Store

LINE = "dossiers_on_time"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path, small_ranges(tmp_path))


def give(desk: Desk, unit: str = UNIT, actor: Actor = OFFICER, period: str = PERIOD, **options: object) -> Entry:
    form = desk.form(unit, period)
    return handing_in.hand_in(desk, actor, unit, period, upload(form, **options), (), ENGLISH)


def form_of_unit(desk: Desk, unit: str = UNIT) -> Form:
    return desk.form(unit, PERIOD)


def board(desk: Desk) -> dict[str, tuple[int, float]]:
    frame = Store(desk.places.var).current().query("ranking", period=PERIOD, node="total", language="en")
    ranked = frame[frame["rank"].notna()].to_dict("records")
    return {row["unit_code"]: (int(row["rank"]), round(row["score"], 6)) for row in ranked}


def in_force(desk: Desk, unit: str = UNIT) -> str:
    form = desk.form(unit, PERIOD)
    return desk.in_force([(unit, LINE, form.rows[LINE].period)])[unit, LINE, PERIOD].status


def test_only_what_is_accepted_counts(desk: Desk) -> None:
    publishing.publish(desk, SECRETARIAT)
    before = board(desk)
    subject = give(desk).subject or ""
    assert in_force(desk) == "demonstration"
    publishing.publish(desk, SECRETARIAT, "nothing accepted yet")
    assert board(desk) == before
    checking.cross_check(desk, CHECKER, subject)
    checking.appraise(desk, SECRETARIAT, subject)
    assert in_force(desk) == "demonstration"
    entry = checking.accept(desk, SECRETARIAT, subject, note="agreed")
    assert in_force(desk) == "verified"
    assert board(desk) == before
    publishing.publish(desk, SECRETARIAT, "third reading", is_final=True)
    # One real figure of an indicator drops the made-up ones of all: nobody else has a figure in this period now.
    assert list(board(desk)) == [UNIT]
    assert {change.after.status for change in entry.changes if change.after} == {"verified"}
    assert {change.before.status for change in entry.changes if change.before} == {"demonstration"}
    assert publishing.roll_back(desk, SECRETARIAT, note="a slip") == entry_id(desk, -2)
    assert board(desk) == before
    actions = [entry.action for entry in desk.ledger.entries()]
    assert actions == ["publish", "handin", "publish", "cross_check", "appraise", "accept", "publish", "rollback"]
    assert desk.ledger.verify() == []


def entry_id(desk: Desk, number: int) -> str:
    return snapshot.read_history(desk.places.var)[number - 1].snapshot_id


def test_a_returned_line_is_mended_and_handed_in_again(desk: Desk) -> None:
    subject = give(desk).subject or ""
    checking.give_back(desk, CHECKER, subject, lines={LINE: "Compare with the portal"})
    found = queue.find_hand_in(desk.ledger.entries(), subject)
    assert found.state == "returned"
    assert [note for _, note in found.line_notes()[LINE]] == ["Compare with the portal"]
    with pytest.raises(IntakeError, match="found it returned"):
        checking.accept(desk, SECRETARIAT, subject)
    again = give(desk, cells={place(form_of_unit(desk), LINE, "numerator"): 150})
    assert again.subject == subject
    found = queue.find_hand_in(desk.ledger.entries(), subject)
    assert (found.state, found.figures[LINE][1].numerator) == ("self_scored", 150)
    checking.accept(desk, SECRETARIAT, subject)
    assert queue.find_hand_in(desk.ledger.entries(), subject).state == "accepted"


def test_nobody_settles_their_own_and_a_return_needs_a_reason(desk: Desk) -> None:
    subject = give(desk, actor=SECRETARIAT).subject or ""
    for step in (checking.cross_check, checking.appraise, checking.accept):
        with pytest.raises(AccessError, match="the one who handed it in"):
            step(desk, SECRETARIAT, subject)
    with pytest.raises(IntakeError, match="found no reason"):
        checking.give_back(desk, CHECKER, subject)
    with pytest.raises(IntakeError, match="lines that it has"):
        checking.give_back(desk, CHECKER, subject, lines={"invented": "?"})
    assert [entry.action for entry in desk.ledger.entries()] == ["handin"]


def test_the_same_file_twice_is_recognised(desk: Desk) -> None:
    book = upload(form_of_unit(desk))
    first = handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, book, (), ENGLISH)
    with pytest.raises(DuplicateError, match=f"entry {first.number}"):
        handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, replace(book, name="other.xlsx"), (), ENGLISH)
    handing_in.withdraw(desk, OFFICER, first.subject or "", note="wrong month")
    assert handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, book, (), ENGLISH).subject != first.subject


def test_faulty_files_and_evidence_leave_no_trace(desk: Desk) -> None:
    with pytest.raises(RejectedError) as caught:
        give(desk, cells={place(form_of_unit(desk), LINE, "numerator"): 999})
    assert len(caught.value.findings) == 1
    workbook = upload(form_of_unit(desk))
    bad = [Upload("a.pdf", b"MZ\x90\x00"), Upload("b.png", b"<script>"), Upload("ok.pdf", PDF)]
    with pytest.raises(RejectedError) as caught:
        handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, workbook, bad, ENGLISH)
    assert [finding.sheet for finding in caught.value.findings] == ["a.pdf", "b.png"]
    assert desk.ledger.entries() == []
    assert not desk.ledger.folder.exists()


def test_evidence_is_kept_under_its_digest_by_content_not_by_name(desk: Desk) -> None:
    files = [Upload("../../etc/<b>x</b>.pdf", PDF), Upload("photo.txt", PNG)]
    entry = handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, upload(form_of_unit(desk)), files, ENGLISH)
    assert [item.name for item in entry.attachments] == ["03006.xlsx", "b_.pdf", "photo.txt"]
    assert [item.media_type for item in entry.attachments[1:]] == ["application/pdf", "image/png"]
    assert desk.ledger.path(entry.attachments[1].sha256).read_bytes() == PDF
    desk.ledger.path(entry.attachments[1].sha256).write_bytes(b"other")
    assert len(desk.ledger.verify()) == 1


@pytest.mark.parametrize("content", [b"", b"PDF", b" %PDF-1.7", b"GIF89a", b"<svg onload=alert(1)>", b"PK\x03\x04"])
def test_other_files_are_no_evidence(content: bytes) -> None:
    assert sniff_evidence(content) is None


def test_names_of_files_are_made_harmless() -> None:
    assert safe_name("C:\\secret\\báo cáo.pdf") == "báo cáo.pdf"
    assert safe_name("a\u202egnp.exe\x00") == "a_gnp.exe_"
    assert safe_name("...") == "file"


def test_two_officers_at_once_lose_nothing(desk: Desk) -> None:
    second = replace(OFFICER, name="Second officer", email="second@sapa.test")
    seen = desk.ledger.head
    form = form_of_unit(desk)
    first_book, second_book = upload(form), upload(form, share=0.5)
    handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, first_book, (), ENGLISH, expected=seen)
    with pytest.raises(StaleError, match="officer@sapa.test: handin"):
        handing_in.hand_in(desk, second, UNIT, PERIOD, second_book, (), ENGLISH, expected=seen)
    handing_in.hand_in(desk, second, UNIT, PERIOD, second_book, (), ENGLISH, expected=desk.ledger.head)


def test_two_checkers_at_once_and_a_publish_in_between(desk: Desk) -> None:
    subject = give(desk).subject or ""
    seen = desk.ledger.head
    publishing.publish(desk, SECRETARIAT)  # about other things: does not make anybody's view stale
    checking.cross_check(desk, CHECKER, subject, expected=seen)
    with pytest.raises(StaleError, match="cross_check"):
        checking.accept(desk, SECRETARIAT, subject, expected=seen)
    checking.accept(desk, SECRETARIAT, subject, expected=desk.ledger.head)
    with pytest.raises(IntakeError, match="found it accepted"):
        checking.accept(desk, SECRETARIAT, subject)


def test_many_at_once_all_get_a_number_of_their_own(desk: Desk) -> None:
    units = ("02647", "02671", UNIT, OTHER)
    books = {unit: upload(form_of_unit(desk, unit)) for unit in units}
    told: list[object] = []

    def work(unit: str, name: str) -> None:
        own = Desk.of(desk.places)  # as another process would
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
    assert desk.ledger.verify() == []


def test_a_correction_needs_a_reason_and_sense(desk: Desk) -> None:
    counts = {"numerator": 190.0, "denominator": 200.0}
    with pytest.raises(IntakeError, match="reason"):
        checking.correct(desk, SECRETARIAT, UNIT, PERIOD, LINE, counts, " ")
    with pytest.raises(RejectedError):
        checking.correct(desk, SECRETARIAT, UNIT, PERIOD, LINE, {"numerator": 300, "denominator": 200}, "slip")
    with pytest.raises(IntakeError, match="expected one of"):
        checking.correct(desk, SECRETARIAT, UNIT, PERIOD, "invented", {"value": 1}, "slip")
    subject = give(desk).subject or ""
    checking.accept(desk, SECRETARIAT, subject)
    entry = checking.correct(desk, SECRETARIAT, UNIT, PERIOD, LINE, counts, "two files were counted twice")
    (change,) = entry.changes
    assert change.before is not None and change.after is not None
    assert (change.before.numerator, change.after.numerator) == (180, 190)
    assert change.after.source_id == change.before.source_id
    with pytest.raises(IntakeError, match="same figure already"):
        checking.correct(desk, SECRETARIAT, UNIT, PERIOD, LINE, counts, "again")


def test_bonus_and_penalty_move_the_score_and_can_be_lifted(desk: Desk) -> None:
    publishing.publish(desk, SECRETARIAT)
    before = board(desk)[UNIT][1]
    entry = checking.adjust(desk, SECRETARIAT, UNIT, PERIOD, -2.5, "late three times")
    publishing.publish(desk, SECRETARIAT)
    assert board(desk)[UNIT][1] == pytest.approx(before - 2.5)
    checking.adjust(desk, SECRETARIAT, UNIT, PERIOD, 0, "was not late", adjustment=entry.subject)
    publishing.publish(desk, SECRETARIAT)
    assert board(desk)[UNIT][1] == pytest.approx(before)
    for points, reason in ((float("nan"), "?"), (0, "?"), (1, "")):
        with pytest.raises(IntakeError):
            checking.adjust(desk, SECRETARIAT, UNIT, PERIOD, points, reason)
    with pytest.raises(IntakeError, match="none of this ward"):
        checking.adjust(desk, SECRETARIAT, OTHER, PERIOD, 1, "?", adjustment=entry.subject)


def test_the_preview_says_what_acceptance_then_does(desk: Desk) -> None:
    publishing.publish(desk, SECRETARIAT)
    form = form_of_unit(desk)
    book = upload(form, share=0.99)
    judged, _ = handing_in.judge_file(desk, OFFICER, UNIT, PERIOD, book, ENGLISH)
    published = Store(desk.places.var).current()
    shown = preview(desk, form, handing_in.draft_of(desk, OFFICER, form, judged, ENGLISH), published)
    assert shown.head == desk.ledger.head
    assert set(shown.dropped) == set(form.rows)
    line = next(line for line in shown.lines if line.code == LINE)
    assert line.given is not None
    assert (line.status_before, line.after, line.given.numerator) == ("demonstration", 99.0, 198)
    subject = handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, book, (), ENGLISH).subject or ""
    checking.accept(desk, SECRETARIAT, subject)
    publishing.publish(desk, SECRETARIAT)
    assert shown.standing is not None
    rank, score = board(desk)[UNIT]
    assert (shown.standing[1].rank, shown.standing[1].score) == (rank, pytest.approx(score))
    assert line.points[1] == pytest.approx(99 / 100 * line.max_points)


def test_late_is_marked(desk: Desk) -> None:
    path = desk.places.data / "block.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[years.2026]", "[years.2026]\ndeadline = 2026-01-15"), encoding="utf-8")
    assert queue.hand_ins([give(desk)])[0].is_late
    path.write_text(text.replace("[years.2026]", "[years.2026]\nhand_in_days = 10"), encoding="utf-8")
    assert str(form_of_unit(desk).deadline) == "2026-11-10"


def test_what_a_form_asks_for(desk: Desk) -> None:
    catalogue = desk.catalogue()
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


def test_a_publication_that_was_begun_is_finished_at_the_next_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.publish(desk, SECRETARIAT)
    first = snapshot.read_history(desk.places.var)[-1].snapshot_id
    checking.accept(desk, SECRETARIAT, give(desk).subject or "")
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "publish_snapshot", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publishing.publish(desk, SECRETARIAT, "killed")
    assert snapshot.read_history(desk.places.var)[-1].snapshot_id == first
    finished = publishing.complete(Desk.of(desk.places))
    last = snapshot.read_history(desk.places.var)[-1]
    assert (last.snapshot_id, last.note, last.by) == (finished, "killed", SECRETARIAT.name)
    assert finished != first
    assert publishing.complete(desk) is None


def test_notes_are_kept_plain_and_short(desk: Desk) -> None:
    subject = give(desk).subject or ""
    entry = checking.give_back(desk, CHECKER, subject, note="  one\x07 \u202etwo \n\n three ")
    assert entry.note == "one two\nthree"
    with pytest.raises(IntakeError, match="at most 2000"):
        handing_in.withdraw(desk, OFFICER, subject, note="x" * 2001)
    with pytest.raises(AccessError):
        handing_in.withdraw(desk, OTHER_OFFICER, subject)
