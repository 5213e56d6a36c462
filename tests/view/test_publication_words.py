"""What is told of a publication: final or provisional, when it was put up, and its note."""

from __future__ import annotations

import pytest

from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.pointer import Published
from wardstats.view.publication_words import publication_words


def test_state_moment_and_note() -> None:
    up = Published("s1", "2026-11-29T07:46:12.000+00:00", note="Sau khi\nkiểm tra", is_final=True)
    assert publication_words(up, translator("vi")) == ["Chính thức", "cập nhật 14:46, 29/11/2026", "Sau khi kiểm tra"]
    assert publication_words(up, translator("en"))[1] == "updated 29 November 2026, 14:46"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_note_nothing_stands_for_it(language: str) -> None:
    speak = translator(language)
    assert publication_words(Published("s1", "2026-11-29T07:46:12+00:00"), speak)[0] == speak("Provisional")
    assert len(publication_words(Published("s1", "2026-11-29T07:46:12+00:00"), speak)) == 2
