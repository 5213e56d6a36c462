"""Texts in several languages: which are asked for, how they are filled in, and how they stand in a row."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from wardstats.core.records import LocalText, Source, Theme, in_each_language

THEME = {
    "theme_code": "a",
    "parent_code": "",
    "weight": 1,
    "aggregation": "sum",
    "position": 1,
    "colour": "",
    "icon": "",
}


def test_a_missing_text_is_filled_in_from_the_language_of_the_block() -> None:
    theme = Theme.model_validate(THEME | {"name_en": "Living", "name_hi": ""}, context={"language": "en"})
    assert theme.by_language() == {"vi": "Living", "en": "Living", "hi": "Living"}
    assert theme.row()["name"] == theme.by_language()
    assert not {"name_vi", "name_en", "name_hi"} & theme.row().keys()
    with pytest.raises(ValidationError, match="name_vi"):
        Theme.model_validate(THEME | {"name_en": "Living"}, context={"language": "vi"})


def test_nothing_is_filled_in_without_a_language() -> None:
    theme = Theme.model_validate(THEME | {"name_en": "Living"})
    assert theme.by_language() == {"vi": None, "en": "Living", "hi": None}
    assert theme.filled("en").text("hi") == "Living"
    assert Theme.model_validate(THEME).by_language() is None


def test_a_source_of_the_ledger_may_have_its_title_under_either_key() -> None:
    older = Source.model_validate({"title": "Cổng", "title_en": "Portal", "producer": "Bộ"})
    newer = Source.model_validate({"title_vi": "Cổng", "title_en": "Portal", "producer": "Bộ"})
    assert older == newer
    assert older.filled("vi").by_language() == {"vi": "Cổng", "en": "Portal", "hi": "Cổng"}


def test_texts_of_the_program_have_a_column_for_each_language() -> None:
    titles = in_each_language("title", lambda speak: speak("Ranking"))
    assert titles.keys() == {"title_vi", "title_en", "title_hi"}
    assert titles["title_en"] == "Ranking" != titles["title_vi"]


def test_an_unknown_language_of_a_text_is_refused() -> None:
    with pytest.raises(ValidationError, match="fr"):
        LocalText.model_validate({"vi": "Khối", "fr": "Bloc"})
