"""The words of the upkeep page: one for each section, column and choice."""

from __future__ import annotations

import pytest

from wardstats.boards.upkeep.words import choice_names, column_names, section_names
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.vocabulary import ABSOLUTE_RULES, AGGREGATIONS, MISSING_CHOICES


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_each(language: str) -> None:
    speak = translator(language)
    choices = choice_names(speak)
    assert set(ABSOLUTE_RULES) <= set(choices["rule"])
    assert set(AGGREGATIONS) <= set(choices["aggregation"])
    assert set(MISSING_CHOICES) == set(choices["missing"])
    words = [*section_names(speak).values(), *column_names(speak).values()]
    assert all(words)
    assert len(set(section_names(speak).values())) == len(section_names(speak))
