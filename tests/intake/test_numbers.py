"""Numbers that people type: how they are read, what is asked back, how they are written again, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake_files import OTHER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges
from wardstats.catalogue.figures import limits_of
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import checking
from wardstats.intake.faults import Finding, IntakeError, RejectedError
from wardstats.intake.numbers import Asked, limits_text, read_number, read_within, readings, understood, written_number
from wardstats.intake.workspace import Workspace

SCORE, SHARE, COUNT = Asked(0, 12, unit="points", decimals=2), Asked(0, 100, unit="%"), Asked(low=0, is_whole=True)
AREA = Asked(low=0, unit="m2_per_person", decimals=1)
ALL = (SCORE, SHARE, COUNT, AREA)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
@pytest.mark.parametrize(
    ("text", "asked", "number"),
    [
        ("9,75", SCORE, 9.75), ("9.75", SCORE, 9.75), ("९,७५", SCORE, 9.75), (" 9,75\u00a0", SCORE, 9.75),
        ("\u200e9,75\ufeff", SCORE, 9.75), ("9,", SCORE, 9.0), (",5", SCORE, 0.5), ("0,125", AREA, 0.125),
        ("95,5 %", SHARE, 95.5), ("95.5％", SHARE, 95.5),
        ("1 234,5", AREA, 1234.5), ("1\u202f234.5", AREA, 1234.5), ("1.234,5", AREA, 1234.5), ("1,234.5", AREA, 1234.5),
        ("1 234,567", AREA, 1234.567),
        # A mark before three digits, settled by what is asked: the limits of a score, a count that is whole.
        ("1.234", SCORE, 1.234), ("9,750", SCORE, 9.75), ("1.234", COUNT, 1234.0), ("12,345", COUNT, 12345.0),
        ("12,34,567", COUNT, 1234567.0),
    ],
)  # fmt: skip
def test_a_number_is_read_alike_in_every_language(language: str, text: str, asked: Asked, number: float) -> None:
    assert read_within(text, asked, translator(language)) == number


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize("sign", ["-", "−", "–", "- "])
def test_every_minus_is_one(sign: str) -> None:
    assert read_within(f"{sign}0,5", Asked(-100, 100), translator("vi")) == -0.5


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("text", "asked", "told"),
    [
        ("975", SCORE, "Found 975; expected a number from 0 to 12. Correct the number."),
        ("-1", COUNT, "Found -1; expected a number of at least 0. Correct the number."),
        ("9,75", COUNT, "Found 9.75; expected a whole number. Correct the number."),
        ("50 %", SCORE, "Found '50 %'; expected a number that is no percentage. Type a number."),
        (
            "1,234", AREA,
            "Found '1,234', which may be 1.2340 / 1234; expected a number that can be read in one way only. "
            "Write 1.2340 or 1234.",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_says_how_to_write_it(text: str, asked: Asked, told: str) -> None:
    speak = translator("en")
    found = read_within(text, asked, speak, "Value")
    assert isinstance(found, Finding)
    assert found.told(speak, with_place=False) == told
    assert found.told(speak).startswith("Value: found ")


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    "text",
    ["9 75", "9, 75", "9 ,75", "1 23", "12 34 56", "1.234 567", "9²", "9½", "①", "Ⅻ", "9,7,5", "9..75", "--9", "(9)",
     "9-", "9 điểm", "9:75", "=9", "50%%", "nan", "inf", "0x9", "\u202e57,9", "1,23,45,678,9", "1,234,56,789"],
)  # fmt: skip
def test_what_is_no_number_is_refused_and_never_mended(text: str) -> None:
    for asked in ALL:
        found = read_number(text, asked, translator("vi"))
        assert isinstance(found, Finding), (text, asked)
        assert found.found.startswith("'")
    assert readings(text) == []


def test_nothing_is_nothing() -> None:
    assert read_within(" \u00a0", SCORE, translator("vi")) is None


@each_language
@given(
    number=st.one_of(
        st.floats(-1e12, 1e12), st.integers(-(10**9), 10**9).map(float), st.decimals(-9999, 9999, places=3).map(float)
    ),
    decimals=st.integers(0, 4),
)
def test_what_is_shown_is_read_back_in_one_way(language: str, number: float, decimals: int) -> None:
    """What stands in a field at first, and what a message says to write, is never ambiguous and loses nothing."""
    assert readings(written_number(number, translator(language), decimals)) == [number]


@given(text=st.text(alphabet="0123456789.,-−% \u00a0'e९", max_size=12))
def test_a_comma_and_a_point_mean_the_same_where_there_is_one(text: str) -> None:
    swapped = text.translate(str.maketrans(",.", ".,"))
    assert readings(text) == readings(swapped)
    digits = [sign for sign in text if sign.isdigit()]
    for number in readings(text):
        assert digits and math.isfinite(number)


def test_a_reader_sees_what_was_understood() -> None:
    assert understood(9.75, SCORE, translator("vi")) == "9,75 điểm"
    assert understood(9.5942, SCORE, translator("vi")) == "9,5942 điểm"
    assert understood(95.0, SHARE, translator("en")) == "95%"
    assert written_number(9.59, translator("vi"), 2) == "9,59"
    assert limits_text(Asked(-0.5, 12), translator("vi")) == "một số từ -0,5 đến 12"


@pytest.mark.parametrize(
    ("unit", "rule", "full_at", "limits"),
    [
        ("points", "linear", 12.0, (0, 12)), ("points", "as_scored", math.nan, (0, 5)),
        ("points", None, math.nan, (0, math.inf)), ("points", "target", math.nan, (0, math.inf)),
        ("%", "linear", 80.0, (0, 100)), ("m2_per_person", "linear", 6.0, (0, math.inf)),
        ("index", "linear", 6.0, (-math.inf, math.inf)),
    ],
)  # fmt: skip
def test_limits_come_from_the_unit_and_from_the_scale(
    unit: str, rule: str | None, full_at: float, limits: tuple[float, float]
) -> None:
    assert limits_of(unit, rule, 5.0, 0.0, full_at) == limits


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return desk_in(tmp_path, small_ranges(tmp_path))


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("code", "numbers", "told"),
    [
        ("qd766_online", {"value": 975.0}, "a number from 0 to 12"),
        ("qd766_online", {"value": 15.5}, "a number from 0 to 12"),
        ("qd766_online", {"value": -0.5}, "a number from 0 to 12"),
        ("electronic_certified_copy", {"value": 100.5}, "a number from 0 to 100"),
        ("green_space_m2_per_person", {"value": -1.0}, "a number of at least 0"),
        ("dossiers_on_time", {"numerator": 9.75, "denominator": 10.0}, "a whole number"),
        ("dossiers_on_time", {"numerator": 9.0, "denominator": 10.5}, "a whole number"),
        ("dossiers_on_time", {"numerator": 11.0, "denominator": 10.0}, "no more than the denominator"),
        ("dossiers_on_time", {"numerator": -1.0, "denominator": 10.0}, "a count of at least 0"),
    ],
)
def test_the_step_itself_refuses_what_is_outside_the_limits(
    workspace: Workspace, code: str, numbers: dict[str, float], told: str
) -> None:
    with pytest.raises(RejectedError, match=told):
        checking.correct(workspace, SECRETARIAT, UNIT, PERIOD, code, numbers, "slip")
    assert workspace.ledger.head == 0


def test_a_bonus_is_no_more_than_all_points(workspace: Workspace) -> None:
    assert workspace.form(UNIT, PERIOD).points_asked == Asked(-100, 100, unit="points", decimals=2)
    for points, told in ((100.5, "from -100 to 100"), (-500, "from -100 to 100"), (math.inf, "inf"), (0, "cancel")):
        with pytest.raises(RejectedError, match=told):
            checking.adjust(workspace, SECRETARIAT, UNIT, PERIOD, points, "why")
    with pytest.raises(RejectedError, match="từ -100 đến 100"):
        checking.adjust(workspace, SECRETARIAT, OTHER, PERIOD, 500, "why", speak=translator("vi"))
    assert workspace.ledger.head == 0
    assert checking.adjust(workspace, SECRETARIAT, UNIT, PERIOD, -100, "why").details["points"] == -100
    with pytest.raises(IntakeError, match="reason"):
        checking.adjust(workspace, SECRETARIAT, UNIT, PERIOD, 1, " ")
