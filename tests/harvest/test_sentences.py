"""Every kind of finding that the code makes has its sentence, its name on the page, and its line in the document."""

from __future__ import annotations

import re

import pytest

from wardstats.core.languages import translator
from wardstats.core.settings import PROJECT
from wardstats.harvest.faults import Finding
from wardstats.harvest.sentences import sentence
from wardstats.harvest.tables import kind_names

MADE = sorted(
    {
        code
        for path in (PROJECT / "wardstats" / "harvest").glob("*.py")
        for pair in re.findall(
            r'Finding\.of\(\s*"\w+", "(\w+)"|severity, code = "\w+", "(\w+)"|code = "(\w+)"',
            path.read_text(encoding="utf-8"),
        )
        for code in pair
        if code
    }
)
VALUES = dict.fromkeys(
    "names count ids other found expected nearest some told missing twice total period share charted codes counts "
    "received on_time overdue points whole ratio value ours now before".split(),
    "?",
)


def test_the_kinds_are_found_in_the_code() -> None:
    assert {"answer", "score_differs", "unit_renamed", "shrunk", "leapt", "revised"} <= set(MADE)


@pytest.mark.parametrize("code", MADE)
def test_a_kind_has_sentence_name_and_line(code: str) -> None:
    for language in ("vi", "en", "hi"):
        speak = translator(language)
        assert sentence(code, VALUES, speak) != sentence("no such kind", VALUES, speak)
        assert code in kind_names(speak)
    assert f"`{code}`" in (PROJECT / "docs" / "harvest.md").read_text(encoding="utf-8")


def test_numbers_are_written_as_the_reader_does() -> None:
    finding = Finding.of("note", "revised", "", now=(79.031, 2348.0, 2971.0), before=(None, 0.0, 0.0))
    assert finding.text == "found 79.03 (2,348 of 2,971); an earlier reading nothing (0 of 0)."
    assert finding.said(translator("vi")) == "nay là 79,03 (2.348 trên 2.971); lần lấy trước không có (0 trên 0)."
