"""Building is not publishing: what is up stays up, as it is, until somebody named publishes; one entry goes alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner, Result

from tests.small_block import SMALL
from wardstats.access import Actor
from wardstats.catalogue import load_catalogue
from wardstats.cli import app
from wardstats.club import writing
from wardstats.club.practices import published_practices
from wardstats.errors import SnapshotError, WardStatsError
from wardstats.i18n import translator
from wardstats.intake import checking, publishing
from wardstats.intake.basis import recorded_basis, waiting_entries
from wardstats.intake.boards import waiting_words
from wardstats.intake.desk import Desk
from wardstats.intake.findings import IntakeError
from wardstats.ledger import Change, Draft, Entry, Figure
from wardstats.paths import Settings
from wardstats.pointer import copy_path, pointer_path
from wardstats.session import practices, signin
from wardstats.snapshot import Published, build_snapshot, publish_snapshot, read_history
from wardstats.store import Store

SECRETARIAT = Actor("Sec", "secretariat", "secretariat@x.test")
MONTH = "2026-04"
VIEW = SimpleNamespace(speak=translator("en"), language="en")
PRACTICE = {
    "title_vi": "Thử", "problem_vi": "Chậm", "action_vi": "Nhanh", "indicator_code": "files_on_time",
    "period_before": "2026-03", "period_after": MONTH,
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small block that is quick to build, and nothing published."""
    data = Path(shutil.copytree(SMALL, tmp_path / "small"))
    with (data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    return Desk.of(Settings(data, tmp_path / "var", None))


def run(desk: Desk, *arguments: str) -> Result:
    places = ["--data", str(desk.places.data), "--var", str(desk.places.var)]
    return CliRunner().invoke(app, [*arguments, *places])


def told(desk: Desk, *arguments: str) -> str:
    """Run a command that succeeds; return what it says beside its result."""
    result = run(desk, *arguments)
    assert result.exit_code == 0, result.output
    return result.stderr


def correct(desk: Desk, value: float, unit: str = "w01") -> Entry:
    return checking.correct(desk, SECRETARIAT, unit, MONTH, "green_space", {"value": value}, "a slip")


def checked(desk: Desk) -> str:
    """Return the id of a practice that was written and checked."""
    subject = writing.draft_practice(desk, SECRETARIAT, "w01", PRACTICE).subject or ""
    writing.check_practice(desk, SECRETARIAT, subject)
    return subject


def settled(desk: Desk) -> Entry:
    """Return the entry of a practice that readers are to see."""
    return writing.publish_practice(desk, SECRETARIAT, checked(desk))


def harvested(desk: Desk, value: float, unit: str = "w02") -> Entry:
    """Return the entry of a harvest of one figure."""
    figure = Figure(value, None, None, "official", "portal")
    change = Change(unit, "green_space", MONTH, None, figure)
    return desk.ledger.append(Draft("harvest", "timer", "harvest", subject=f"harvest {unit}", changes=(change,)))


def up(desk: Desk) -> Published:
    return read_history(desk.places.var)[-1]


def what_is_up(desk: Desk) -> tuple[set[str], dict[str, float]]:
    """Return the practices of the ledger and the figures of green space that readers see."""
    opened = Store(desk.places.var).current()
    seen = opened.query("practice", language="vi")["practice_id"]
    figures = opened.query("figure_points", period=MONTH, unit=[], indicator=["green_space"]).dropna(subset="value")
    return {name for name in seen if name.startswith("practice-")}, dict(
        zip(figures["unit_code"], figures["value"], strict=True)
    )


def agree(desk: Desk) -> None:
    """Each publication has exactly one entry, which says what the history says."""
    entries = [entry for entry in desk.ledger.entries() if entry.action in ("publish", "rollback")]
    assert [(e.details["snapshot_id"], e.details["by"], e.note, e.details["is_final"]) for e in entries] == [
        (found.snapshot_id, found.by, found.note, found.is_final) for found in read_history(desk.places.var)
    ]
    assert desk.ledger.verify() == []


def test_the_first_board_of_a_fresh_machine_is_published_and_is_entry_1(desk: Desk) -> None:
    assert "published: the first board" in told(desk, "build")
    (entry,) = desk.ledger.entries()
    assert (entry.action, entry.actor, entry.role, entry.details["is_final"]) == (
        "publish", "first build", "build", False,
    )  # fmt: skip
    assert (up(desk).by, up(desk).note) == ("", "")
    agree(desk)
    assert "Nothing has changed" in told(desk, "build")
    assert desk.ledger.head == 1


def test_a_result_stays_the_result_whatever_is_built_accepted_or_shared(desk: Desk) -> None:
    told(desk, "build")
    told(desk, "publish", "--by", "Sec", "--note", "Result", "--final")
    result = up(desk)
    green = what_is_up(desk)[1]
    for _ in range(2):  # what make run does at each start
        assert "Nothing has changed" in told(desk, "build")
    correction = correct(desk, 9)
    words = told(desk, "build")
    assert "building publishes nothing" in words
    assert f'{result.snapshot_id}, final, published on {result.published_at} by Sec, with the note "Result"' in words
    assert "--by NAME" in words
    assert publishing.complete(Desk.of(desk.places)) is None  # what a server does at its start
    assert up(desk) == result

    first = checked(desk)
    assert "is up" in told(desk, "practice", "publish", first, "--by", "Chi")
    assert what_is_up(desk) == ({first}, green)
    assert (up(desk).by, up(desk).note, up(desk).is_final) == ("Chi", "Result", True)
    with_practice = up(desk)
    told(desk, "build")
    assert up(desk) == with_practice
    assert waiting_entries(desk.ledger.entries(), up(desk).snapshot_id) == [correction]

    # The board before, and all of it again: it has neither the correction nor the first practice.
    assert "is up again" in told(desk, "rollback", "--by", "Sec")
    back = up(desk)
    assert (back.snapshot_id, back.note, back.is_final) == (result.snapshot_id, "Result", True)
    told(desk, "build")
    told(desk, "build")
    correct(desk, 8, "w02")
    told(desk, "build")
    assert up(desk) == back
    second = checked(desk)
    told(desk, "practice", "publish", second, "--by", "Chi")
    assert what_is_up(desk) == ({second}, green)
    told(desk, "practice", "withdraw", second, "--by", "Chi")
    assert what_is_up(desk) == (set(), green)
    assert (up(desk).note, up(desk).is_final) == ("Result", True)
    assert "was not on the board" in told(desk, "practice", "withdraw", first, "--by", "Chi")
    agree(desk)

    told(desk, "publish", "--by", "Sec", "--final")
    # The first real figure of an indicator drops the made-up ones, as everywhere.
    assert what_is_up(desk) == (set(), {"w01": 9, "w02": 8})
    assert waiting_entries(desk.ledger.entries(), up(desk).snapshot_id) == []
    agree(desk)


def test_a_changed_data_folder_is_built_and_shown_by_the_command_that_build_names(desk: Desk) -> None:
    told(desk, "build")
    first = up(desk)
    figures = desk.places.data / "values" / "2026.csv"
    figures.write_text(figures.read_text(encoding="utf-8").replace("2026-04,,80,100", "2026-04,,79,100"), "utf-8")
    words = told(desk, "build")
    assert up(desk) == first
    waiting = settled(desk)
    shown = publishing.publish_only(desk, SECRETARIAT, [waiting])
    assert (shown.snapshot_id, shown.waits, up(desk)) == (None, "changed", first)
    assert "have changed since" in waiting_words("changed", VIEW.speak)

    _, command = words.strip().split("To show what was built: python -m wardstats ")
    assert command.split()[0] == "publish" and "--var" in command
    published = CliRunner().invoke(app, command.replace("NAME", "An").split())
    assert published.exit_code == 0, published.output
    assert up(desk).snapshot_id == published.stdout.strip() != first.snapshot_id
    basis = recorded_basis(desk.ledger.entries(), up(desk).snapshot_id)
    assert basis is not None and waiting not in basis  # the snapshot was built before
    assert publishing.publish_only(desk, SECRETARIAT, [waiting]).snapshot_id == up(desk).snapshot_id
    assert what_is_up(desk)[0] == {waiting.subject}
    more = settled(desk)
    (desk.places.data / "themes.csv").unlink()
    assert publishing.publish_only(desk, SECRETARIAT, [more]).waits == "changed"  # a folder with a fault
    agree(desk)


def test_build_with_a_name_publishes_and_without_one_refuses(desk: Desk) -> None:
    told(desk, "build", "--publish", "--by", "An")
    assert (up(desk).by, desk.ledger.entries()[0].actor) == ("An", "An")
    correct(desk, 9)
    for arguments in (["--publish"], ["--publish", "--by", " "], ["--by", "An"]):
        assert isinstance(run(desk, "build", *arguments).exception, WardStatsError)
    assert run(desk, "build", "--no-publish").exit_code == 2
    told(desk, "build", "--publish", "--by", "An")
    assert what_is_up(desk)[1]["w01"] == 9
    agree(desk)


def test_a_result_becomes_provisional_only_where_somebody_says_so(desk: Desk) -> None:
    told(desk, "publish", "--by", "Sec", "--final")
    final = up(desk)
    for arguments in (["publish"], ["publish", final.snapshot_id], ["build", "--publish"]):
        refused = run(desk, *arguments, "--by", "Sec").exception
        assert isinstance(refused, IntakeError) and "--provisional" in str(refused)
    assert read_history(desk.places.var) == [final]
    told(desk, "publish", "--by", "Sec", "--provisional")
    assert not up(desk).is_final
    told(desk, "publish", "--by", "Sec")
    agree(desk)


def test_rolling_back_takes_state_and_note_of_then_and_puts_up_no_draft(desk: Desk) -> None:
    told(desk, "publish", "--by", "Sec", "--note", "third reading")
    first = up(desk)
    correct(desk, 9)
    told(desk, "publish", "--by", "Sec", "--note", "the result", "--final")
    publishing.roll_back(desk, SECRETARIAT)
    assert (up(desk).snapshot_id, up(desk).note, up(desk).is_final) == (first.snapshot_id, "third reading", False)
    publishing.roll_back(desk, SECRETARIAT, note="it was right")
    assert (up(desk).note, up(desk).is_final) == ("it was right", True)
    correct(desk, 8)
    draft = run(desk, "build").stdout.strip()
    with pytest.raises(SnapshotError, match="was never up"):
        publishing.roll_back(desk, SECRETARIAT, draft)
    agree(desk)


def test_a_harvest_goes_up_alone(desk: Desk) -> None:
    told(desk, "publish", "--by", "Sec", "--note", "week 1")
    green = what_is_up(desk)[1]
    correction = correct(desk, 9)
    harvest = harvested(desk, 5)
    shown = publishing.publish_only(desk, SECRETARIAT, [harvest], is_unattended=True)
    assert shown.snapshot_id == up(desk).snapshot_id
    assert what_is_up(desk)[1] == {"w02": 5} != green
    assert (up(desk).note, up(desk).is_final) == ("week 1", False)
    assert waiting_entries(desk.ledger.entries(), up(desk).snapshot_id) == [correction]
    assert publishing.publish_only(desk, SECRETARIAT, [harvest]) == shown  # up already: no second entry
    before = up(desk)
    entangled = harvested(desk, 6, "w01")  # the same figure as the correction that waits
    assert publishing.publish_only(desk, SECRETARIAT, [entangled]).waits == "entangled"
    assert up(desk) == before
    told(desk, "publish", "--by", "Sec", "--final")
    before = up(desk)
    later = harvested(desk, 7)
    assert publishing.publish_only(desk, SECRETARIAT, [later], is_unattended=True).waits == "final"
    assert up(desk) == before
    agree(desk)


def test_a_board_without_an_entry_or_detail_of_its_own_is_found_by_its_digest(desk: Desk) -> None:
    """Ledgers and boards of earlier versions: build published without an entry, entries did not say what they took."""
    on_board = correct(desk, 9)
    publish_snapshot(desk.places.var, build_snapshot(load_catalogue(desk.places.data, desk.ledger), desk.places.var))
    waiting = correct(desk, 8, "w02")
    practice = settled(desk)
    publishing.publish_only(desk, SECRETARIAT, [practice])
    seen, green = what_is_up(desk)
    assert (seen, green) == ({practice.subject}, {"w01": 9})
    basis = recorded_basis(desk.ledger.entries(), up(desk).snapshot_id)
    assert basis is not None and on_board in basis and practice in basis and waiting not in basis
    assert [item.practice_id for item in published_practices(basis.chosen(desk.ledger.entries()))] == list(seen)


def test_where_the_list_of_publications_is_lost_a_build_puts_the_last_publication_up_again(desk: Desk) -> None:
    told(desk, "publish", "--by", "Sec", "--note", "Result", "--final")
    result = up(desk)
    correct(desk, 9)
    for path in (pointer_path(desk.places.var), copy_path(desk.places.var)):
        path.unlink()
    words = told(desk, "build")
    assert "had been begun and not finished" in words and "building publishes nothing" in words
    assert (up(desk).snapshot_id, up(desk).note, up(desk).is_final) == (result.snapshot_id, "Result", True)
    # Its file gone too: nothing is made up in its place.
    for path in (pointer_path(desk.places.var), copy_path(desk.places.var)):
        path.unlink()
    shutil.rmtree(desk.places.snapshots)
    assert "the ledger tells of publications" in told(desk, "build")
    assert read_history(desk.places.var) == []
    with pytest.raises(IntakeError, match="--provisional"):
        publishing.publish(desk, SECRETARIAT)


@pytest.fixture
def on_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The same desk, as pages find it."""
    monkeypatch.setenv("WARDSTATS_VAR", str(desk.places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(desk.places.data))
    monkeypatch.setattr(signin, "visitor", lambda: SECRETARIAT)
    monkeypatch.setattr(practices, "visitor", lambda: SECRETARIAT)
    st.cache_resource.clear()
    return desk


def publish_page() -> None:
    from tests.test_publishing import SECRETARIAT, VIEW
    from wardstats.session.publish import publish_part
    from wardstats.session.signin import told

    told("check")
    publish_part(VIEW, SECRETARIAT)  # pyright: ignore[reportArgumentType]


def test_the_page_begins_with_the_state_that_is_up_and_shows_its_note(on_page: Desk) -> None:
    page = AppTest.from_function(publish_page, default_timeout=60).run()
    assert not page.checkbox[0].value
    publishing.publish(on_page, SECRETARIAT, "Result", is_final=True)
    result = up(on_page)
    page.button[0].click().run()  # drawn while nothing was up
    assert up(on_page) == result
    assert page.checkbox[0].value
    assert any("up now: final" in text.value and "Result" in text.value for text in page.text)
    page.button[0].click().run()
    assert not page.exception and up(on_page).is_final and up(on_page) != result
    page.checkbox[0].uncheck().run()
    page.button[0].click().run()
    assert not up(on_page).is_final
    agree(on_page)


def test_a_practice_on_the_page_goes_up_alone_or_the_page_says_why_not(
    on_page: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {})
    publishing.publish(on_page, SECRETARIAT, "Result", is_final=True)
    correct(on_page, 9)
    green = what_is_up(on_page)[1]

    def do(action: str, subject: str) -> list[str]:
        work = {"practice_publish": writing.publish_practice, "practice_withdraw": writing.withdraw_practice}[action]
        practices._do(VIEW, work, action, subject, on_page.ledger.head, "")  # pyright: ignore[reportArgumentType]
        return [text for _, text in st.session_state["told"].pop("practice")]

    subject = checked(on_page)
    assert do("practice_publish", subject) == ["Done. It is in the ledger."]
    assert what_is_up(on_page) == ({subject}, green)
    do("practice_withdraw", subject)
    assert what_is_up(on_page) == (set(), green)
    assert (up(on_page).note, up(on_page).is_final) == ("Result", True)
    with (on_page.places.data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n# a line more\n")
    before = up(on_page)
    assert do("practice_publish", checked(on_page))[1] == waiting_words("changed", VIEW.speak)
    assert up(on_page) == before
    agree(on_page)
