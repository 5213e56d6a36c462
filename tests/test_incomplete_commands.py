"""Every command that reads a board runs on every board that is not complete, or says in words why it cannot."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.exits import COMMAND, COMMANDS, READS, WRITES, arguments, made_files, text_of
from tests.incomplete_boards import FIRST, LAST, SHAPES
from wardstats.boards.submit import standing_cards
from wardstats.cli.console import Format
from wardstats.cli.intake import _standing_text
from wardstats.cli.main import main
from wardstats.core.languages import translator
from wardstats.core.settings import Settings
from wardstats.intake.preview import Preview, Standing

THOROUGHLY = {"nobody", "one_ward"}
NOT_FOR_PEOPLE = re.compile(r"\b(nan|NaN|<NA>|None|NaT|inf|Traceback)\b")


def test_every_command_is_looked_at() -> None:
    assert set(COMMANDS) == set(READS) | WRITES


def questions(command: str, name: str) -> Iterator[list[str]]:
    """Return what a command is asked: everything on two boards, its first question and its files on the others."""
    for number, asked in enumerate(READS[command]):
        if number == 0 or name in THOROUGHLY or any("OUT" in text for text in asked):
            yield asked


def words_of(name: str, folder: Path) -> Iterator[list[str]]:
    """Return what is typed on a board; one function prints all tables, and `rank` shows that it can write each form."""
    shape = SHAPES[name]
    names = {
        "FIRST": FIRST, "LAST": LAST, "LINE": "dossiers_on_time", "MONTH": "2026-10", "THEME": shape.theme,
        "OUT": str(folder / "made"),
    }  # fmt: skip
    for command in READS:
        forms = list(Format) if command == "rank" else [Format.json]
        for asked in questions(command, name):
            yield from arguments(command, asked, names, shape.period, forms)


@pytest.mark.parametrize("name", SHAPES)
def test_every_command_that_reads_a_board(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    incomplete: Callable[[str], Settings],
    tmp_path: Path,
    name: str,
) -> None:
    places = incomplete(name)
    monkeypatch.setenv("WARDSTATS_VAR", str(places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(places.data))
    for words in words_of(name, tmp_path):
        monkeypatch.setattr(sys, "argv", ["wardstats", *words])
        monkeypatch.setattr("wardstats.cli.main.app", COMMAND)
        code: object = 0
        try:
            main()  # whatever is no message of ours ends the test here, with the command's traceback
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        told = f"{' '.join(words)}: {code}\n{out[-400:]}\n{err[-400:]}"
        assert not NOT_FOR_PEOPLE.search(out + err), told
        assert code in (0, None) or (code == 1 and len(err) > 20), told
        if code in (0, None):
            check_output(words, out, told)


def check_output(words: list[str], out: str, told: str) -> None:
    if words[-1] == Format.json and out:
        json.loads(out, parse_constant=lambda constant: pytest.fail(f"{constant} in JSON: {told}"))
    elif words[-1] == Format.csv and out:
        assert len({len(row) for row in csv.reader(io.StringIO(out))}) == 1, told
    for path in (path for ending in (".pdf", ".docx", ".pptx") for path in made_files(words, ending)):
        text = text_of(path.name, path.read_bytes())
        assert not NOT_FOR_PEOPLE.search(text), f"{told}\n{text}"


def test_the_complete_parts_are_not_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], incomplete: Callable[[str], Settings]
) -> None:
    """One ward has all its figures: its rank, its figures and its sheet are there, and who has none is listed too."""
    places = incomplete("one_ward")
    monkeypatch.setattr(sys, "argv", ["wardstats", "rank", "--format", "csv", "--lang", "en"])
    monkeypatch.setenv("WARDSTATS_VAR", str(places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(places.data))
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["rank"] for row in rows] == ["1"] + [""] * 9
    assert "figures so far: 1 of 10" in err


def test_the_preview_of_a_hand_in_says_among_how_many() -> None:
    """The first ward to hand in would be first of one: the page and the command say that nine have nothing yet."""
    shown = Preview([], (Standing(None, 0, 10, None, 0.0), Standing(1, 1, 10, 88.1, 1.0)), [], 1)
    card = standing_cards(shown, translator("en"))[0]
    assert (card.topic, card.finding, card.detail) == ("Rank", "1 of 1 ranked so far, 10 in all", "published: –")
    assert _standing_text(Standing(1, 1, 10, 88.1, 1.0)) == "1 of 1; 9 more have no figures yet"
    assert _standing_text(Standing(3, 10, 10, 88.1, 1.0)) == "3 of 10"
    assert _standing_text(None) == "none"
