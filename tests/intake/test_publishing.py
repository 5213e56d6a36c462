"""Building is not publishing: what is up stays up, as it is, until somebody named publishes; one entry goes alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner, Result

from tests.fresh import forget
from tests.small_block import SMALL
from wardstats.catalogue.load import load_catalogue
from wardstats.catalogue.practices import published_practices
from wardstats.cli.main import app
from wardstats.core.errors import SnapshotError, WardStatsError
from wardstats.core.languages import translator
from wardstats.core.pointer import Published, copy_path, pointer_path, read_history
from wardstats.core.settings import Settings
from wardstats.intake import checking, practice_steps, publishing
from wardstats.intake.basis import recorded_basis, waiting_entries
from wardstats.intake.faults import IntakeError
from wardstats.intake.words import moment, waiting_words
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Change, Draft, Entry, Figure
from wardstats.ledger.access import Actor
from wardstats.session import practices, signin
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot
from wardstats.snapshot.store import Store

SECRETARIAT = Actor("Sec", "secretariat", "secretariat@x.test")
MONTH = "2026-04"
VIEW = SimpleNamespace(speak=translator("en"), language="en", unit_names={})
PRACTICE = {
    "title_vi": "Thử", "problem_vi": "Chậm", "action_vi": "Nhanh", "indicator_code": "files_on_time",
    "period_before": "2026-03", "period_after": MONTH,
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A small block that is quick to build, and nothing published."""
    data = Path(shutil.copytree(SMALL, tmp_path / "small"))
    with (data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    return Workspace.of(Settings(data, tmp_path / "var", None))


def run(workspace: Workspace, *arguments: str) -> Result:
    places = ["--data", str(workspace.places.data), "--var", str(workspace.places.var)]
    return CliRunner().invoke(app, [*arguments, *places])


def told(workspace: Workspace, *arguments: str) -> str:
    """Run a command that succeeds; return what it says beside its result."""
    result = run(workspace, *arguments)
    assert result.exit_code == 0, result.output
    return result.stderr


def correct(workspace: Workspace, value: float, unit: str = "w01") -> Entry:
    return checking.correct(workspace, SECRETARIAT, unit, MONTH, "green_space", {"value": value}, "a slip")


def checked(workspace: Workspace) -> str:
    """Return the id of a practice that was written and checked."""
    subject = practice_steps.draft_practice(workspace, SECRETARIAT, "w01", PRACTICE).subject or ""
    practice_steps.check_practice(workspace, SECRETARIAT, subject)
    return subject


def settled(workspace: Workspace) -> Entry:
    """Return the entry of a practice that readers are to see."""
    return practice_steps.publish_practice(workspace, SECRETARIAT, checked(workspace))


def harvested(workspace: Workspace, value: float, unit: str = "w02") -> Entry:
    """Return the entry of a harvest of one figure."""
    figure = Figure(value, None, None, "official", "portal")
    change = Change(unit, "green_space", MONTH, None, figure)
    return workspace.ledger.append(Draft("harvest", "timer", "harvest", subject=f"harvest {unit}", changes=(change,)))


def up(workspace: Workspace) -> Published:
    return read_history(workspace.places.var)[-1]


def what_is_up(workspace: Workspace) -> tuple[set[str], dict[str, float]]:
    """Return the practices of the ledger and the figures of green space that readers see."""
    opened = Store(workspace.places.var).current()
    seen = opened.query("practice", language="vi")["practice_id"]
    figures = opened.query("figure_points", period=MONTH, unit=[], indicator=["green_space"]).dropna(subset="value")
    return {name for name in seen if name.startswith("practice-")}, dict(
        zip(figures["unit_code"], figures["value"], strict=True)
    )


def agree(workspace: Workspace) -> None:
    """Each publication has exactly one entry, which says what the history says."""
    entries = [entry for entry in workspace.ledger.entries() if entry.action in ("publish", "rollback")]
    assert [(e.details["snapshot_id"], e.details["by"], e.note, e.details["is_final"]) for e in entries] == [
        (found.snapshot_id, found.by, found.note, found.is_final) for found in read_history(workspace.places.var)
    ]
    assert workspace.ledger.verify() == []


def test_the_first_board_of_a_fresh_machine_is_published_and_is_entry_1(workspace: Workspace) -> None:
    assert "published: the first board" in told(workspace, "build")
    (entry,) = workspace.ledger.entries()
    assert (entry.action, entry.actor, entry.role, entry.details["is_final"]) == (
        "publish", "first build", "build", False,
    )  # fmt: skip
    assert (up(workspace).by, up(workspace).note) == ("", "")
    agree(workspace)
    assert "Nothing has changed" in told(workspace, "build")
    assert workspace.ledger.head == 1


def test_a_result_stays_the_result_whatever_is_built_accepted_or_shared(workspace: Workspace) -> None:
    told(workspace, "build")
    told(workspace, "publish", "--by", "Sec", "--note", "Result", "--final")
    result = up(workspace)
    green = what_is_up(workspace)[1]
    for _ in range(2):  # what make run does at each start
        assert "Nothing has changed" in told(workspace, "build")
    correction = correct(workspace, 9)
    words = told(workspace, "build")
    assert "building publishes nothing" in words
    assert f'{result.snapshot_id}, final, published on {result.published_at} by Sec, with the note "Result"' in words
    assert "--by NAME" in words
    assert publishing.complete(Workspace.of(workspace.places)) is None  # what a server does at its start
    assert up(workspace) == result

    first = checked(workspace)
    assert "is up" in told(workspace, "practice", "publish", first, "--by", "Chi")
    assert what_is_up(workspace) == ({first}, green)
    assert (up(workspace).by, up(workspace).note, up(workspace).is_final) == ("Chi", "Result", True)
    with_practice = up(workspace)
    told(workspace, "build")
    assert up(workspace) == with_practice
    assert waiting_entries(workspace.ledger.entries(), up(workspace).snapshot_id) == [correction]

    # The board before, and all of it again: it has neither the correction nor the first practice.
    assert "is up again" in told(workspace, "rollback", "--by", "Sec")
    back = up(workspace)
    assert (back.snapshot_id, back.note, back.is_final) == (result.snapshot_id, "Result", True)
    told(workspace, "build")
    told(workspace, "build")
    correct(workspace, 8, "w02")
    told(workspace, "build")
    assert up(workspace) == back
    second = checked(workspace)
    told(workspace, "practice", "publish", second, "--by", "Chi")
    assert what_is_up(workspace) == ({second}, green)
    told(workspace, "practice", "withdraw", second, "--by", "Chi")
    assert what_is_up(workspace) == (set(), green)
    assert (up(workspace).note, up(workspace).is_final) == ("Result", True)
    assert "was not on the board" in told(workspace, "practice", "withdraw", first, "--by", "Chi")
    agree(workspace)

    told(workspace, "publish", "--by", "Sec", "--final")
    # The first real figure of an indicator drops the made-up ones, as everywhere.
    assert what_is_up(workspace) == (set(), {"w01": 9, "w02": 8})
    assert waiting_entries(workspace.ledger.entries(), up(workspace).snapshot_id) == []
    agree(workspace)


def test_a_changed_data_folder_is_built_and_shown_by_the_command_that_build_names(workspace: Workspace) -> None:
    told(workspace, "build")
    first = up(workspace)
    figures = workspace.places.data / "values" / "2026.csv"
    figures.write_text(figures.read_text(encoding="utf-8").replace("2026-04,,80,100", "2026-04,,79,100"), "utf-8")
    words = told(workspace, "build")
    assert up(workspace) == first
    waiting = settled(workspace)
    shown = publishing.publish_only(workspace, SECRETARIAT, [waiting])
    assert (shown.snapshot_id, shown.waits, up(workspace)) == (None, "changed", first)
    assert "have changed since" in waiting_words("changed", VIEW.speak)

    _, command = words.strip().split("To show what was built: python -m wardstats ")
    assert command.split()[0] == "publish" and "--var" in command
    published = CliRunner().invoke(app, command.replace("NAME", "An").split())
    assert published.exit_code == 0, published.output
    assert up(workspace).snapshot_id == published.stdout.strip() != first.snapshot_id
    basis = recorded_basis(workspace.ledger.entries(), up(workspace).snapshot_id)
    assert basis is not None and waiting not in basis  # the snapshot was built before
    assert publishing.publish_only(workspace, SECRETARIAT, [waiting]).snapshot_id == up(workspace).snapshot_id
    assert what_is_up(workspace)[0] == {waiting.subject}
    more = settled(workspace)
    (workspace.places.data / "themes.csv").unlink()
    assert publishing.publish_only(workspace, SECRETARIAT, [more]).waits == "changed"  # a folder with a fault
    agree(workspace)


def test_build_with_a_name_publishes_and_without_one_refuses(workspace: Workspace) -> None:
    told(workspace, "build", "--publish", "--by", "An")
    assert (up(workspace).by, workspace.ledger.entries()[0].actor) == ("An", "An")
    correct(workspace, 9)
    for arguments in (["--publish"], ["--publish", "--by", " "], ["--by", "An"]):
        assert isinstance(run(workspace, "build", *arguments).exception, WardStatsError)
    assert run(workspace, "build", "--no-publish").exit_code == 2
    told(workspace, "build", "--publish", "--by", "An")
    assert what_is_up(workspace)[1]["w01"] == 9
    agree(workspace)


def test_a_result_becomes_provisional_only_where_somebody_says_so(workspace: Workspace) -> None:
    told(workspace, "publish", "--by", "Sec", "--final")
    final = up(workspace)
    for arguments in (["publish"], ["publish", final.snapshot_id], ["build", "--publish"]):
        refused = run(workspace, *arguments, "--by", "Sec").exception
        assert isinstance(refused, IntakeError) and "--provisional" in str(refused)
    assert read_history(workspace.places.var) == [final]
    refused = run(workspace, "publish", "--by", "Sec", "--provisional").exception
    assert isinstance(refused, IntakeError) and "--reason" in str(refused)
    assert read_history(workspace.places.var) == [final]
    told(workspace, "publish", "--by", "Sec", "--provisional", "--reason", "a ward objected")
    assert not up(workspace).is_final
    assert workspace.ledger.entries()[-1].details["reason"] == "a ward objected"
    told(workspace, "publish", "--by", "Sec")
    agree(workspace)


def test_rolling_back_takes_state_and_note_of_then_and_puts_up_no_draft(workspace: Workspace) -> None:
    told(workspace, "publish", "--by", "Sec", "--note", "third reading")
    first = up(workspace)
    correct(workspace, 9)
    told(workspace, "publish", "--by", "Sec", "--note", "the result", "--final")
    with pytest.raises(IntakeError, match="--reason"):
        publishing.roll_back(workspace, SECRETARIAT)
    publishing.roll_back(workspace, SECRETARIAT, reason="it was not the result")
    assert (up(workspace).snapshot_id, up(workspace).note, up(workspace).is_final) == (
        first.snapshot_id,
        "third reading",
        False,
    )
    publishing.roll_back(workspace, SECRETARIAT, note="it was right")
    assert (up(workspace).note, up(workspace).is_final) == ("it was right", True)
    correct(workspace, 8)
    draft = run(workspace, "build").stdout.strip()
    with pytest.raises(SnapshotError, match="was never up"):
        publishing.roll_back(workspace, SECRETARIAT, draft)
    agree(workspace)


def test_a_harvest_goes_up_alone(workspace: Workspace) -> None:
    told(workspace, "publish", "--by", "Sec", "--note", "week 1")
    green = what_is_up(workspace)[1]
    correction = correct(workspace, 9)
    harvest = harvested(workspace, 5)
    shown = publishing.publish_only(workspace, SECRETARIAT, [harvest], is_unattended=True)
    assert shown.snapshot_id == up(workspace).snapshot_id
    assert what_is_up(workspace)[1] == {"w02": 5} != green
    assert (up(workspace).note, up(workspace).is_final) == ("week 1", False)
    assert waiting_entries(workspace.ledger.entries(), up(workspace).snapshot_id) == [correction]
    assert publishing.publish_only(workspace, SECRETARIAT, [harvest]) == shown  # up already: no second entry
    before = up(workspace)
    entangled = harvested(workspace, 6, "w01")  # the same figure as the correction that waits
    assert publishing.publish_only(workspace, SECRETARIAT, [entangled]).waits == "entangled"
    assert up(workspace) == before
    told(workspace, "publish", "--by", "Sec", "--final")
    before = up(workspace)
    later = harvested(workspace, 7)
    assert publishing.publish_only(workspace, SECRETARIAT, [later], is_unattended=True).waits == "final"
    assert up(workspace) == before
    agree(workspace)


def test_a_board_without_an_entry_or_detail_of_its_own_is_found_by_its_digest(workspace: Workspace) -> None:
    """Ledgers and boards of earlier versions: build published without an entry, entries did not say what they took."""
    on_board = correct(workspace, 9)
    publish_snapshot(
        workspace.places.var,
        build_snapshot(load_catalogue(workspace.places.data, workspace.ledger), workspace.places.var),
    )
    waiting = correct(workspace, 8, "w02")
    practice = settled(workspace)
    publishing.publish_only(workspace, SECRETARIAT, [practice])
    seen, green = what_is_up(workspace)
    assert (seen, green) == ({practice.subject}, {"w01": 9})
    basis = recorded_basis(workspace.ledger.entries(), up(workspace).snapshot_id)
    assert basis is not None and on_board in basis and practice in basis and waiting not in basis
    assert [item.practice_id for item in published_practices(basis.chosen(workspace.ledger.entries()))] == list(seen)


def test_where_the_list_of_publications_is_lost_a_build_puts_the_last_publication_up_again(
    workspace: Workspace,
) -> None:
    told(workspace, "publish", "--by", "Sec", "--note", "Result", "--final")
    result = up(workspace)
    correct(workspace, 9)
    for path in (pointer_path(workspace.places.var), copy_path(workspace.places.var)):
        path.unlink()
    words = told(workspace, "build")
    assert "had been begun and not finished" in words and "building publishes nothing" in words
    assert (up(workspace).snapshot_id, up(workspace).note, up(workspace).is_final) == (
        result.snapshot_id,
        "Result",
        True,
    )
    # Its file gone too: nothing is made up in its place.
    for path in (pointer_path(workspace.places.var), copy_path(workspace.places.var)):
        path.unlink()
    shutil.rmtree(workspace.places.snapshots)
    assert "the ledger tells of publications" in told(workspace, "build")
    assert read_history(workspace.places.var) == []
    with pytest.raises(IntakeError, match="--provisional"):
        publishing.publish(workspace, SECRETARIAT)


@pytest.fixture
def on_page(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The same workspace, as pages find it."""
    monkeypatch.setenv("WARDSTATS_VAR", str(workspace.places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(workspace.places.data))
    monkeypatch.setattr(signin, "visitor", lambda: SECRETARIAT)
    monkeypatch.setattr(practices, "visitor", lambda: SECRETARIAT)
    forget()
    return workspace


def publish_page() -> None:
    from tests.intake.test_publishing import SECRETARIAT, VIEW
    from wardstats.session.publish import publish_part
    from wardstats.session.signin import told

    told("check")
    publish_part(VIEW, SECRETARIAT)  # pyright: ignore[reportArgumentType]


def look(page: AppTest) -> AppTest:
    return next(button for button in page.button if str(button.key).startswith("look_")).click().run()


def publish_now(page: AppTest) -> AppTest:
    return next(button for button in page.button if str(button.key).startswith("publish_")).click().run()


def test_the_page_shows_what_changes_and_asks_before_a_result_is_taken_back(on_page: Workspace) -> None:
    publishing.publish(on_page, SECRETARIAT, "Week 1")
    correct(on_page, 12)
    page = look(AppTest.from_function(publish_page, default_timeout=60).run())
    shown = "".join(box.proto.body for box in page.get("html"))
    assert "corrected: Sec" in shown and "places that change: " in shown
    assert not page.checkbox[0].value
    publishing.publish(on_page, SECRETARIAT, "Result", is_final=True)
    result = up(on_page)
    publish_now(page)  # drawn while another board was up
    assert up(on_page) == result
    assert any("up now: final" in text.value and "Result" in text.value for text in page.text)
    look(page)
    assert page.checkbox[0].value
    publish_now(page)
    assert not page.exception and up(on_page).is_final and up(on_page) != result
    look(page)
    page.checkbox[0].uncheck().run()
    before = up(on_page)
    publish_now(page)
    assert up(on_page) == before and "Found no reason" in page.error[0].value
    next(box for box in page.text_input if "reason" in str(box.key)).set_value("a ward objected").run()
    publish_now(page)
    assert not up(on_page).is_final
    assert [text.value for text in page.text if text.value.startswith(("final", "provisional"))] == [
        f"{'final' if is_final else 'provisional'} · {rest}"
        for is_final, rest in [(entry.is_final, _rest(entry)) for entry in reversed(read_history(on_page.places.var))]
    ]
    agree(on_page)


def _rest(entry: Published) -> str:
    return " · ".join(filter(None, (moment(entry.published_at, VIEW.speak), entry.by, entry.note)))


def test_rolling_back_on_the_page_shows_what_changes_first(on_page: Workspace) -> None:
    publishing.publish(on_page, SECRETARIAT, "Week 1")
    first = up(on_page)
    correct(on_page, 12)
    publishing.publish(on_page, SECRETARIAT, "Week 2")
    page = AppTest.from_function(publish_page, default_timeout=60).run()
    page.button(key=f"rollback_{first.snapshot_id}").click().run()
    assert up(on_page).note == "Week 2"
    assert any("Week 1" in text.value and "It comes back" in text.value for text in page.text)
    publish_now(page)
    assert (up(on_page).snapshot_id, up(on_page).note) == (first.snapshot_id, "Week 1")
    agree(on_page)


def test_a_practice_on_the_page_goes_up_alone_or_the_page_says_why_not(
    on_page: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {})
    publishing.publish(on_page, SECRETARIAT, "Result", is_final=True)
    correct(on_page, 9)
    green = what_is_up(on_page)[1]

    def do(action: str, subject: str) -> list[str]:
        work = {
            "practice_publish": practice_steps.publish_practice,
            "practice_withdraw": practice_steps.withdraw_practice,
        }[action]
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
