"""Numbers, dates and periods as the readers of each language write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardstats.core import languages
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import LANGUAGES, Translator, best_language, find_name, translator

_PLAIN = str.maketrans({"−": "-", "±": None, ",": None})


@pytest.mark.parametrize(
    ("language", "value", "decimals", "text"),
    [
        ("vi", 87.5, 1, "87,5"),
        ("en", 87.5, 1, "87.5"),
        ("hi", 87.5, 1, "87.5"),
        ("vi", 280591, 0, "280.591"),
        ("en", 280591, 0, "280,591"),
        ("vi", 68.8, 2, "68,80"),
        ("en", 0, 1, "0.0"),
        ("vi", None, 1, "–"),
        ("vi", float("nan"), 1, "–"),
    ],
)
def test_number(language: str, value: float | None, decimals: int, text: str) -> None:
    assert Translator(language).number(value, decimals) == text


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [("vi", 1.25, "+1,25"), ("vi", -1.25, "−1,25"), ("en", -3, "−3.00"), ("en", 0, "±0.00")],
)
def test_difference_with_its_sign(language: str, value: float, text: str) -> None:
    assert Translator(language).signed(value, 2) == text


@pytest.mark.parametrize(("most", "text"), [(20, "20"), (20.0000000001, "20"), (18.5, "18,5"), (float("nan"), "–")])
def test_a_scale_has_no_decimals_that_say_nothing(most: float, text: str) -> None:
    assert Translator("vi").scale(most) == text


def test_share_as_percentage() -> None:
    assert Translator("vi").percent(0.985, 1) == "98,5%"
    assert Translator("en").percent(1) == "100%"


def test_a_percentage_is_written_in_one_form_in_all_languages() -> None:
    for language in LANGUAGES:
        speak = Translator(language)
        assert speak.percent(0.96) == speak.measure(96, "%", 0) == "96%"


@pytest.mark.parametrize(
    ("share", "text"),
    [(1, "100%"), (1 - 1e-12, "100%"), (0.995, "99.5%"), (0.99996, "99.9%"), (0.9, "90%"), (0.0001, "0.1%"), (0, "0%")],
)
def test_what_is_not_complete_never_reads_100_percent(share: float, text: str) -> None:
    assert Translator("en").coverage(share) == text


@pytest.mark.parametrize(
    ("more", "less", "decimals", "text"),
    [
        (90.29, 85.35, 1, "4.9"),  # 90.3 and 85.4 beside it
        (90.3, 85.349, 1, "5.0"),  # 90.3 and 85.3
        (90.34, 90.26, 1, "0.08"),  # both 90.3
        (12.0, 12.0, 1, "0.0"),
        (2.0003, 2.0, 2, "0.0003"),
        (1e-12, 0.0, 1, "0.0"),
    ],
)
def test_a_difference_agrees_with_the_two_numbers_beside_it(more: float, less: float, decimals: int, text: str) -> None:
    assert Translator("en").difference(more, less, decimals) == text
    assert Translator("en").change(less, more, decimals)[1:] == text


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(0, 4))
def test_a_difference_adds_up_with_what_is_shown(more: float, less: float, decimals: int) -> None:
    speak = Translator("en")
    texts = (speak.number(more, decimals), speak.number(less, decimals), speak.change(more, less, decimals))
    first, second, moved = (Decimal(text.translate(_PLAIN)) for text in texts)
    assert first - second == (moved if first != second else 0)


@pytest.mark.parametrize(
    ("count", "english", "vietnamese"),
    [(1, "in 1 day", "còn 1 ngày"), (2, "in 2 days", "còn 2 ngày"), (0, "in 0 days", "còn 0 ngày")],
)
def test_one_is_not_several(count: int, english: str, vietnamese: str) -> None:
    text = "in {count} {count:day|days}"
    assert Translator("en")(text, count=count) == english
    assert Translator("vi")(text, count=count) == vietnamese
    assert Translator("en")(text, count=Translator("en").number(count, 0)) == english


@pytest.mark.parametrize(
    ("language", "period", "long", "short"),
    [
        ("vi", "2026", "năm 2026", "2026"),
        ("vi", "2026-Q3", "quý III/2026", "III/2026"),
        ("vi", "2026-10", "tháng 10/2026", "10/2026"),
        ("vi", "2026-09", "tháng 9/2026", "9/2026"),
        ("en", "2026", "2026", "2026"),
        ("en", "2026-Q3", "Q3 2026", "Q3 2026"),
        ("en", "2026-10", "October 2026", "Oct 2026"),
        ("hi", "2026-10", "अक्टूबर 2026", "अक्टू॰ 2026"),
        ("hi", "2026", "2026", "2026"),
        ("hi", "2025-Q4", "चौथी तिमाही 2025", "तिमाही 4, 2025"),
    ],
)
def test_period(language: str, period: str, long: str, short: str) -> None:
    assert Translator(language).period(period) == long
    assert Translator(language).period(period, is_short=True) == short


def test_day_and_moment() -> None:
    """Moments are kept in UTC and told in the time of Vietnam, where it may be the next day already."""
    assert Translator("vi").day(date(2026, 1, 5)) == "05/01/2026"
    assert Translator("en").day(date(2026, 1, 5)) == "5 January 2026"
    assert Translator("vi").moment(datetime(2026, 10, 31, 20, 5)) == "03:05, 01/11/2026"
    assert Translator("en").moment(datetime(2026, 10, 31, 20, 5)) == "1 November 2026, 03:05"


@pytest.mark.parametrize(
    ("last", "vi", "en", "hi"),
    [
        (date(2026, 11, 16), "16/11/2026", "16 November 2026", "16 नव॰ 2026"),
        (date(2026, 11, 30), "16–30/11/2026", "16–30 November 2026", "16–30 नव॰ 2026"),
        (date(2026, 12, 3), "16/11–03/12/2026", "16 November – 3 December 2026", "16 नव॰ – 3 दिस॰ 2026"),
        (date(2027, 1, 3), "16/11/2026 – 03/01/2027", "16 November 2026 – 3 January 2027", "16 नव॰ 2026 – 3 जन॰ 2027"),
    ],
)
def test_days_from_and_to_say_once_what_they_share(last: date, vi: str, en: str, hi: str) -> None:
    first = date(2026, 11, 16)
    assert [Translator(language).days(first, last) for language in ("vi", "en", "hi")] == [vi, en, hi]


def test_an_unknown_language_is_answered_in_vietnamese() -> None:
    assert translator("fr").language == "vi"
    assert translator("hi").language == "hi"


@pytest.mark.parametrize(
    ("preferred", "language"),
    [("vi-VN", "vi"), ("en-US", "en"), ("en_GB", "en"), ("HI", "hi"), ("fr-FR", "vi"), ("", "vi"), (None, "vi")],
)
def test_language_of_the_browser(preferred: str | None, language: str) -> None:
    assert best_language(preferred, "vi") == language


def test_a_name_is_found_with_or_without_its_accents() -> None:
    names = {"1": "Cam Đường", "2": "Nghĩa Lộ", "3": "Nghĩa Lộ Mới", "4": "सा पा"}
    for text, code in (("cam duong", "1"), ("Nghĩa Lộ", "2"), ("nghia lo", "2"), ("moi", "3"), ("सा पा", "4")):
        assert find_name(text, names) == code
    assert find_name("Huế", names) is None
    assert find_name("  ", names) is None


def test_separators_are_those_of_the_numbers() -> None:
    assert {language: translator(language).separators for language in LANGUAGES} == {"vi": ",.", "en": ".,", "hi": ".,"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[fr]\nname = "Français"\ncolour = "blue"', r"\[fr\]: found name, colour; expected name.* Correct colour\."),
        ('[fr]\nlocale = "fr"', r"\[fr\]: found locale; expected name.* Correct name\."),
        ('["fr-CA"]\nname = "Français"', "found the code 'fr-CA'; expected small letters"),
    ],
)
def test_a_faulty_table_is_told(table: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "languages.toml").write_text(table, encoding="utf-8")
    monkeypatch.setattr(languages, "LOCALES", tmp_path)
    with pytest.raises(WardStatsError, match=told):
        languages._read_languages()
