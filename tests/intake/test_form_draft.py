"""What is typed on the web is kept field by field: two officers lose nothing, and the second is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.intake_files import OFFICER, OTHER, OTHER_OFFICER, PERIOD, UNIT, desk_in, small_ranges
from wardstats.intake.faults import IntakeError
from wardstats.intake.form_draft import FormDraft, discard, keep, read_draft
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import ROLES, AccessError, Actor

COLLEAGUE = replace(OFFICER, name="Lan", email="lan@sapa.test")
COUNT, SHARE = ("dossiers_on_time", "numerator"), ("dossiers_on_time", "denominator")
VALUE = ("qd766_online", "value")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_ranges(tmp_path_factory.mktemp("data"))


@pytest.fixture
def workspace(tmp_path: Path, data: Path) -> Workspace:
    return desk_in(tmp_path, data)


def test_what_is_typed_is_there_again_as_it_was_typed(workspace: Workspace) -> None:
    kept = keep(workspace, OFFICER, UNIT, PERIOD, {VALUE: " 9,75 ", COUNT: ""}, FormDraft())
    assert kept.refused == () and kept.draft.text(*VALUE) == "9,75"
    again = read_draft(workspace, COLLEAGUE, UNIT, PERIOD)
    assert again == kept.draft
    assert [(edit.who, edit.before, edit.after) for edit in again.edits] == [(OFFICER.email, "", "9,75")]
    assert read_draft(workspace, OTHER_OFFICER, OTHER, PERIOD) == FormDraft()
    keep(workspace, OFFICER, UNIT, PERIOD, {VALUE: ""}, again)
    assert read_draft(workspace, OFFICER, UNIT, PERIOD).texts == {}
    assert workspace.ledger.head == 0


def test_two_who_type_into_different_fields_are_both_kept(workspace: Workspace) -> None:
    keep(workspace, OFFICER, UNIT, PERIOD, {COUNT: "380"}, FormDraft())
    kept = keep(workspace, COLLEAGUE, UNIT, PERIOD, {COUNT: "", SHARE: "400"}, FormDraft())
    assert kept.refused == ()
    assert kept.draft.texts == {COUNT: "380", SHARE: "400"}
    (theirs,) = kept.draft.since(0, COLLEAGUE)
    assert (theirs.name, theirs.place, theirs.after) == (OFFICER.name, COUNT, "380")
    assert kept.draft.since(kept.draft.version, COLLEAGUE) == []


def test_who_types_second_into_the_same_field_is_told_and_may_go_on(workspace: Workspace) -> None:
    keep(workspace, OFFICER, UNIT, PERIOD, {COUNT: "380"}, FormDraft())
    kept = keep(workspace, COLLEAGUE, UNIT, PERIOD, {COUNT: "385", SHARE: "400"}, FormDraft())
    ((edit, mine),) = kept.refused
    assert (edit.name, edit.after, mine) == (OFFICER.name, "380", "385")
    assert kept.draft.texts == {COUNT: "380", SHARE: "400"}
    again = keep(workspace, COLLEAGUE, UNIT, PERIOD, {COUNT: "385"}, kept.draft)
    assert again.refused == () and again.draft.text(*COUNT) == "385"
    same = keep(workspace, OFFICER, UNIT, PERIOD, {COUNT: "385"}, kept.draft)  # both typed the same
    assert same.refused == () and same.draft == again.draft


def test_a_draft_is_discarded_unless_somebody_typed_in_the_meantime(workspace: Workspace) -> None:
    seen = keep(workspace, OFFICER, UNIT, PERIOD, {COUNT: "380"}, FormDraft()).draft
    keep(workspace, COLLEAGUE, UNIT, PERIOD, {VALUE: "9"}, seen)
    with pytest.raises(IntakeError, match="Lan has typed"):
        discard(workspace, OFFICER, UNIT, PERIOD, seen)
    shown = read_draft(workspace, OFFICER, UNIT, PERIOD)
    discard(workspace, OFFICER, UNIT, PERIOD, shown)
    assert read_draft(workspace, OFFICER, UNIT, PERIOD).texts == {}
    # Who still had it open is told who emptied the field, and does not throw away what was typed since.
    kept = keep(workspace, COLLEAGUE, UNIT, PERIOD, {COUNT: "381", VALUE: "9"}, shown)
    assert [(edit.who, edit.after, typed) for edit, typed in kept.refused] == [(OFFICER.email, "", "381")]
    keep(workspace, OFFICER, UNIT, PERIOD, {COUNT: "7"}, read_draft(workspace, OFFICER, UNIT, PERIOD))
    with pytest.raises(IntakeError, match="has typed"):
        discard(workspace, COLLEAGUE, UNIT, PERIOD, shown)
    assert read_draft(workspace, OFFICER, UNIT, PERIOD).text(*COUNT) == "7"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"texts": [], "edits": [{"number": 1}]}', b'{"texts": [1]}'])
def test_a_damaged_draft_is_told_and_can_be_discarded(workspace: Workspace, content: bytes) -> None:
    keep(workspace, OFFICER, UNIT, PERIOD, {COUNT: "380"}, FormDraft())
    (path,) = (workspace.places.var / "drafts").rglob("*.json")
    assert path.stat().st_mode & 0o077 == 0  # names and figures nobody has handed in
    path.write_bytes(content)
    for step in (read_draft, lambda *of: keep(*of, {COUNT: "1"}, FormDraft())):
        with pytest.raises(IntakeError, match="damaged"):
            step(workspace, OFFICER, UNIT, PERIOD)
    discard(workspace, OFFICER, UNIT, PERIOD, FormDraft())
    assert read_draft(workspace, OFFICER, UNIT, PERIOD) == FormDraft()


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_a_field_that_the_form_has_not_is_refused(workspace: Workspace) -> None:
    for place in (("../../x", "value"), ("qd766_online", "status"), ("nothing_like_it", "value")):
        with pytest.raises(IntakeError, match="expected fields of the form"):
            keep(workspace, OFFICER, UNIT, PERIOD, {place: "1"}, FormDraft())
    with pytest.raises(IntakeError, match="at most 500"):
        keep(workspace, OFFICER, UNIT, PERIOD, {("qd766_online", "note"): "x" * 501}, FormDraft())
    assert not (workspace.places.var / "drafts").exists()


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("role", ROLES)
def test_a_draft_is_read_kept_and_discarded_by_whoever_hands_in_for_the_ward(workspace: Workspace, role: str) -> None:
    actor = Actor("A", role, "a@x.test", UNIT)  # pyright: ignore[reportArgumentType]
    hands_in = {"ward_officer": {UNIT}, "secretariat": {UNIT, OTHER}, "administrator": {UNIT, OTHER}}.get(role, set())
    for unit in (UNIT, OTHER):
        steps = (
            lambda unit=unit: read_draft(workspace, actor, unit, PERIOD),
            lambda unit=unit: keep(workspace, actor, unit, PERIOD, {COUNT: "1"}, FormDraft()),
            lambda unit=unit: discard(workspace, actor, unit, PERIOD, FormDraft()),
        )
        for step in steps:
            if unit in hands_in:
                step()
            else:
                with pytest.raises(AccessError, match="found the role"):
                    step()


def test_texts_are_kept_composed_and_without_signs_that_do_not_show(workspace: Workspace) -> None:
    note, typed = ("qd766_online", "note"), "So\u0302\u0301\u202e  lie\u0323\u0302u\n"
    draft = keep(workspace, OFFICER, UNIT, PERIOD, {note: typed}, FormDraft()).draft
    assert draft.text(*note) == "Số liệu"
