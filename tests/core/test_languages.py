"""Numbers, dates and periods as the readers of each language write them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from wardstats.core import languages
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import LANGUAGES, Translator, best_language, find_name, translator


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


def test_share_as_percentage() -> None:
    assert Translator("vi").percent(0.985, 1) == "98,5\u00a0%"
    assert Translator("en").percent(1) == "100\u00a0%"


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
    ],
)
def test_period(language: str, period: str, long: str, short: str) -> None:
    assert Translator(language).period(period) == long
    assert Translator(language).period(period, is_short=True) == short


def test_day_and_moment() -> None:
    """Moments are kept in UTC and told in the time of Vietnam, where it may be the next day already."""
    assert Translator("vi").day(date(2026, 1, 5)) == "05/01/2026"
    assert Translator("en").day(date(2026, 1, 5)) == "Jan 5, 2026"
    assert Translator("vi").moment(datetime(2026, 10, 31, 20, 5)) == "03:05, 01/11/2026"


@pytest.mark.parametrize(
    ("last", "vi", "en", "hi"),
    [
        (date(2026, 11, 16), "16/11/2026", "Nov 16, 2026", "16 नव॰ 2026"),
        (date(2026, 11, 30), "16–30/11/2026", "Nov 16 – 30, 2026", "16–30 नव॰ 2026"),
        (date(2026, 12, 3), "16/11–03/12/2026", "Nov 16 – Dec 3, 2026", "16 नव॰ – 3 दिस॰ 2026"),
        (date(2027, 1, 3), "16/11/2026 – 03/01/2027", "Nov 16, 2026 – Jan 3, 2027", "16 नव॰ 2026 – 3 जन॰ 2027"),
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
