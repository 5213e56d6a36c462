"""Every text of the interface is translated, says the same with the same blanks, and none is left over."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from wardstats.core.languages import LANGUAGES
from wardstats.core.settings import LOCALES, PROJECT

SOURCES = [*(PROJECT / "wardstats").rglob("*.py"), *(PROJECT / "pages").glob("*.py"), *PROJECT.glob("*.py")]
TRANSLATED = [language for language in LANGUAGES if language != "en"]  # English texts are the keys
TEMPLATES = [*(PROJECT / "wardstats").rglob("*.html")]


def calls_of_speak(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name == "speak" and node.args:
                yield node


@cache
def texts() -> frozenset[str]:
    found = {
        call.args[0].value
        for path in SOURCES
        for call in calls_of_speak(path)
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }
    for path in TEMPLATES:
        found |= set(re.findall(r"""speak\(\s*"([^"]+)\"""", path.read_text(encoding="utf-8")))
    return frozenset(found)


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as stream:
        return read_po(stream, locale=language)


def test_there_is_a_file_for_each_language_and_no_other() -> None:
    assert sorted(path.stem for path in LOCALES.glob("*.po")) == sorted(TRANSLATED)


def test_texts_are_found_in_the_code() -> None:
    assert {"Ranking", "{name} leads with {points}"} <= texts()


def test_speak_is_called_with_a_text_so_that_it_can_be_found() -> None:
    loose = [
        f"{path.name}:{call.lineno}"
        for path in SOURCES
        for call in calls_of_speak(path)
        if not (isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
    ]
    assert not loose


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_missing(language: str) -> None:
    translated = {str(message.id) for message in catalogue(language) if message.id and message.string}
    assert sorted(texts() - translated) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_left_over(language: str) -> None:
    assert sorted({str(message.id) for message in catalogue(language) if message.id} - texts()) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_blanks_and_are_composed(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            blanks = set(re.findall(r"\{(\w+)\}", str(message.id)))
            assert set(re.findall(r"\{(\w+)\}", str(message.string))) == blanks, message.id
            assert unicodedata.is_normalized("NFC", str(message.string)), message.id


def test_vietnamese_and_hindi_are_translations() -> None:
    """A text copied into another language is one nobody has translated; a few words are the same in all."""
    same = {"CSV", "SQL", "Excel", "Parquet", "PDF"}
    for language in TRANSLATED:
        untranslated = {str(m.id) for m in catalogue(language) if m.id and m.id == m.string}
        assert untranslated <= same
