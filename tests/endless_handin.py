"""Hands in, checks, accepts, corrects, publishes and rolls back over and over, until it is killed."""

from __future__ import annotations

import itertools
import os
import random
from pathlib import Path

from wardstats.core.languages import translator
from wardstats.core.pointer import read_history
from wardstats.core.settings import Settings
from wardstats.intake import checking, handing_in, publishing
from wardstats.intake.faults import IntakeError
from wardstats.intake.handing_in import DuplicateError, Upload
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry, StaleError
from wardstats.ledger.access import Actor

PERIOD = "2026-04"
UNITS = ("w01", "w02", "w03")
ENGLISH = translator("en")
SECRETARIAT = Actor("Secretariat", "secretariat", "secretariat@x.test")


def workbook(number: int) -> Upload:
    """Return a table in which the number can be found again."""
    lines = ["Code,Numerator,Denominator,Value", f"files_on_time,{number},1000000,", f"green_space,,,{number % 97}"]
    return Upload("figures.csv", "\n".join(lines).encode())


def work_endlessly(data: Path, var: Path, acknowledged: Path, seed: int) -> None:
    """Note every entry, by number and digest, as soon as the function that wrote it has returned."""
    workspace, chance = Workspace.of(Settings(data, var, None)), random.Random(seed)
    with acknowledged.open("a", encoding="ascii") as notes:

        def note(entry: Entry) -> Entry:
            notes.write(f"{entry.number} {entry.sha256}\n")
            notes.flush()
            os.fsync(notes.fileno())
            return entry

        publishing.complete(workspace)
        for number in itertools.count(1000 * seed, 2):
            try:
                _round(workspace, chance, number, note)
            except (StaleError, DuplicateError, IntakeError):
                continue  # another process was faster


def _round(workspace: Workspace, chance: random.Random, number: int, note: object) -> None:
    assert callable(note)
    unit = chance.choice(UNITS)
    officer = Actor(f"Officer of {unit}", "ward_officer", f"officer@{unit}.test", unit)
    subject = note(handing_in.hand_in(workspace, officer, unit, PERIOD, workbook(number), (), ENGLISH)).subject
    if chance.random() < 0.2:
        note(checking.give_back(workspace, SECRETARIAT, subject, note="once more"))
        note(handing_in.hand_in(workspace, officer, unit, PERIOD, workbook(number + 1), (), ENGLISH))
    note(checking.accept(workspace, SECRETARIAT, subject))
    if chance.random() < 0.3:
        note(checking.correct(workspace, SECRETARIAT, unit, PERIOD, "green_space", {"value": number % 89}, "slip"))
    if chance.random() < 0.7:
        publishing.publish(workspace, SECRETARIAT, f"number {number}")
    elif chance.random() < 0.3 and len({board.snapshot_id for board in read_history(workspace.places.var)}) > 1:
        publishing.roll_back(workspace, SECRETARIAT)
