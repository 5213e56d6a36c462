"""What Streamlit's scripts say by themselves: each text is one of the pinned scripts, and is said in each language."""

from __future__ import annotations

import json
import re

import pytest

from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT
from wardstats.frontend.browser_words import GAP, browser_words, words_script
from wardstats.frontend.streamlit_files import STREAMLIT_FILES


def test_every_text_is_one_of_the_pinned_scripts() -> None:
    scripts = [file.read_text(encoding="utf-8") for file in (STREAMLIT_FILES / "static/js").glob("*.js")]
    said = {
        text: max(re.split(r"\{\}|Press .*Enter to |AxiosError: |413", text), key=len).strip()
        for text in browser_words(translator("en"))
    }
    gone = [text for text, part in said.items() if not any(part in script for script in scripts)]
    assert gone == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_text_has_words_and_keeps_its_gap(language: str) -> None:
    words, english = browser_words(translator(language)), browser_words(translator("en"))
    assert [text for text, ours in words.items() if ours in (text, english[text])] == []
    assert [text for text, ours in words.items() if GAP in ours and GAP not in text] == []


def test_the_script_has_the_words_of_all_languages_and_ends_no_element() -> None:
    script = words_script()
    [words] = re.findall(r"const WORDS = (\{.*\});\n", script)
    found = json.loads(words)
    assert list(found) == list(LANGUAGES)
    plain, gaps = found["vi"]
    assert plain["No results"] == translator("vi")("No results")
    assert ["Add: ", "", translator("vi")("Look for: {what}", what=GAP)] in gaps
    assert "No results" not in found["en"][0]  # said the same
    assert "</" not in script


def test_names_by_which_the_style_sheet_finds_an_element_stay() -> None:
    """Such as the download that knows no guard against formulas, and is hidden by its name."""
    names = re.findall(r'aria-label="([^"]+)"', (PROJECT / "static" / "style.css").read_text(encoding="utf-8"))
    assert names
    assert not set(names) & browser_words(translator("vi")).keys()
