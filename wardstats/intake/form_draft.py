"""What officers of a ward have typed into the form on the web and not handed in yet, kept in the folder of state.

One draft for each ward and period, shared by its officers: each field is kept by itself, with who changed it and when.
So two who type at the same time lose nothing, and the second is told what the first changed. No draft changes a board.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from wardstats.core.durable_files import PRIVATE, make_private, write_durably
from wardstats.core.locks import locked
from wardstats.intake.cells import clean_text
from wardstats.intake.columns import INPUTS
from wardstats.intake.faults import IntakeError
from wardstats.intake.words import moment
from wardstats.intake.workspace import Workspace, now_text, recorded
from wardstats.ledger.access import Actor, identity_key, require

Place = tuple[str, str]  # indicator_code and column, one of columns.INPUTS
_LONGEST = 500
_EDITS_KEPT = 500


@dataclass(frozen=True)
class Edit:
    """One change of one field."""

    number: int
    at: str
    who: str
    name: str
    code: str
    column: str
    before: str
    after: str

    @property
    def place(self) -> Place:
        """Which field it is about."""
        return self.code, self.column


@dataclass(frozen=True)
class FormDraft:
    """What is typed so far for a ward and period.

    Attributes:
        texts: By field, as they were typed; those that are empty are left out.
        edits: The latest changes, oldest first.
    """

    texts: Mapping[Place, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()

    @property
    def version(self) -> int:
        """The number of the last change; 0 where nothing was typed yet."""
        return self.edits[-1].number if self.edits else 0

    def text(self, code: str, column: str) -> str:
        """Return what stands in a field."""
        return self.texts.get((code, column), "")

    def line(self, code: str) -> dict[str, str]:
        """Return what stands in the fields of an indicator."""
        return {column: self.text(code, column) for column in INPUTS}

    def since(self, version: int, actor: Actor) -> list[Edit]:
        """Return what others have changed since a version."""
        own = identity_key(actor.identity)
        return [edit for edit in self.edits if edit.number > version and identity_key(edit.who) != own]


@dataclass(frozen=True)
class Kept:
    """What became of what somebody typed.

    Attributes:
        draft: As it stands now.
        refused: Fields that somebody else had changed in the meantime: their last change, and what was typed here.
    """

    draft: FormDraft
    refused: tuple[tuple[Edit, str], ...]


def read_draft(workspace: Workspace, actor: Actor, unit_code: str, period: str) -> FormDraft:
    """Return the draft of a ward and period; an empty one where nothing was typed yet.

    Raises:
        AccessError: The actor may not hand in for the ward.
        IntakeError: No such ward or period, or the file is damaged.
    """
    return _read(_path(workspace, actor, unit_code, period))


@recorded
def keep(
    workspace: Workspace, actor: Actor, unit_code: str, period: str, typed: Mapping[Place, str], seen: FormDraft
) -> Kept:
    """Keep what was typed into some fields.

    A field that somebody else has changed since ``seen`` keeps their text, unless the same was typed; the others are
    kept all the same.

    Args:
        typed: What stands in the fields, changed or not.
        seen: The draft that they showed.

    Raises:
        AccessError: The actor may not hand in for the ward.
        IntakeError: A field is none of the form, or a text is too long.
    """
    path = _path(workspace, actor, unit_code, period)
    given = {place: clean_text(text) for place, text in typed.items()}
    asked = workspace.form(unit_code, period).rows
    if wrong := [f"{code}.{column}" for code, column in given if code not in asked or column not in INPUTS]:
        raise IntakeError(f"found the fields {', '.join(sorted(wrong)[:10])}; expected fields of the form. Reload it.")
    longest = max(map(len, given.values()), default=0)
    if longest > _LONGEST:
        raise IntakeError(
            lambda speak: speak("{field}: found {count} letters; expected at most {most}. Shorten it.",
                                field=speak("Note"), count=longest, most=_LONGEST)
        )  # fmt: skip
    with _locked(path):
        draft = _read(path)
        changed = {place: text for place, text in given.items() if text != seen.text(*place)}
        taken = {place: text for place, text in changed.items() if draft.text(*place) == seen.text(*place)}
        others = {place: text for place, text in changed.items() if place not in taken and draft.text(*place) != text}
        if taken:
            draft = _with(draft, taken, actor)
            _write(path, draft)
    last = {edit.place: edit for edit in draft.edits}
    return Kept(draft, tuple((last[place], text) for place, text in others.items() if place in last))


@recorded
def discard(workspace: Workspace, actor: Actor, unit_code: str, period: str, seen: FormDraft) -> None:
    """Throw a draft away.

    Raises:
        AccessError: The actor may not hand in for the ward.
        IntakeError: Somebody else has typed since ``seen``: nothing is thrown away.
    """
    path = _path(workspace, actor, unit_code, period)
    with _locked(path):
        try:
            draft = _read(path)
        except IntakeError:  # what is damaged is what is to go
            path.unlink(missing_ok=True)
            return
        if later := draft.since(seen.version, actor):
            edit = later[-1]
            raise IntakeError(
                lambda speak: speak(
                    "{who} has typed into the draft in the meantime ({at}). Nothing was discarded. Look at it, then "
                    "decide again.", who=edit.name, at=moment(edit.at, speak),
                )
            )  # fmt: skip
        # Emptied and not removed: who has the form open is told by whom, and the numbers of edits go on.
        _write(path, _with(draft, dict.fromkeys(draft.texts, ""), actor))


def _write(path: Path, draft: FormDraft) -> None:
    write_durably(path, json.dumps(_written(draft), ensure_ascii=False, indent=1).encode(), PRIVATE)


def _with(draft: FormDraft, texts: Mapping[Place, str], actor: Actor) -> FormDraft:
    now, number = now_text(), draft.version
    edits = [
        Edit(number + step, now, actor.identity, actor.name, code, column, draft.text(code, column), text)
        for step, ((code, column), text) in enumerate(texts.items(), 1)
    ]
    together = {place: text for place, text in {**draft.texts, **texts}.items() if text}
    return FormDraft(together, (*draft.edits, *edits)[-_EDITS_KEPT:])


def _path(workspace: Workspace, actor: Actor, unit_code: str, period: str) -> Path:
    require(actor, "handin", unit_code)
    form = workspace.form(unit_code, period)
    folder = workspace.places.var / "drafts" / workspace.places.data.resolve().name
    return folder / f"{form.unit.unit_code}_{form.period}.json"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    make_private(path.parent.parent)
    make_private(path.parent)
    with locked(path.with_name("write.lock"), "draft"):
        yield


def _read(path: Path) -> FormDraft:
    try:
        found = json.loads(path.read_bytes())
        texts = {(str(code), str(column)): str(text) for code, column, text in found["texts"]}
        return FormDraft(texts, tuple(_edits(found["edits"])))
    except FileNotFoundError:
        return FormDraft()
    except (ValueError, TypeError, KeyError) as error:
        raise IntakeError(
            lambda speak: speak("The draft cannot be read: its file is damaged. Discard it, then type afresh.")
        ) from error


def _edits(found: Iterable[Mapping[str, object]]) -> Iterator[Edit]:
    for item in found:
        edit = Edit(**item)  # pyright: ignore[reportArgumentType]
        if not isinstance(edit.number, int):
            raise TypeError("number")
        yield edit


def _written(draft: FormDraft) -> dict[str, object]:
    return {
        "texts": [[code, column, text] for (code, column), text in draft.texts.items()],
        "edits": [asdict(edit) for edit in draft.edits],
    }
