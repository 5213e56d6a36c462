"""What a notice says in each language, and that what is made up is said in each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.mail_server import block_with_people
from wardstats.catalogue.load import Catalogue
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake.notices.outbox import KINDS, Delivery, Kind, Notice
from wardstats.intake.notices.words import is_made_up, kind_names, state_text, told

FACTS: dict[Kind, dict[str, Any]] = {
    "due": {"period": "2026-10", "due_on": "2026-11-20", "is_returned": True},
    "late": {"period": "2026-10", "due_on": "2026-11-20"},
    "returned": {"period": "2026-10", "note": "Đọc lại", "lines": {"green_space": "Số này lạ"}},
    "accepted": {"period": "2026-10", "note": "", "lines": {}},
    "published": {"period": "2026-10", "is_final": True, "note": "Lần ba", "told": {code: ["X"] for code in LANGUAGES}},
    "rank_fell": {"period": "2026-10", "rank": 3, "rank_before": 1, "is_demonstration": True},
    "contract_behind": {"period": "2026-10", "count": 2, "told": {code: ["Y"] for code in LANGUAGES}},
    "position_asked": {"answers_by": "2026-11-20", "told": {code: ["Z?"] for code in LANGUAGES}, "is_sample": True},
}


def notice(kind: Kind, **more: Any) -> Notice:
    return Notice("n", kind, "p", None if kind == "published" else "w01", FACTS[kind] | more, "")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return block_with_people(tmp_path, []).catalogue()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_in_each_language(kind: Kind, language: str, catalogue: Catalogue) -> None:
    found = told(notice(kind), catalogue, translator(language))
    assert "{" not in found.text
    assert f"lang={language}" in found.address
    if kind != "published":
        assert "Bắc Sơn" in found.title or language == "hi"
    assert kind_names(translator(language))[kind]


def test_what_people_wrote_is_told_with_the_indicator_by_its_name(catalogue: Catalogue) -> None:
    found = told(notice("returned"), catalogue, translator("vi"))
    assert found.title == "Phường Bắc Sơn: hồ sơ tháng 10/2026 bị trả lại"
    name = next(item.text("vi") for item in catalogue.indicators if item.indicator_code == "green_space")
    assert found.lines == ("Ghi chú: Đọc lại", f"{name}: Số này lạ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_made_up_is_said(language: str, catalogue: Catalogue) -> None:
    speak = translator(language)
    for kind in ("rank_fell", "contract_behind"):
        made = notice(kind, is_demonstration=True)
        assert speak("Demonstration figures.") in told(made, catalogue, speak).text
        assert is_made_up(made)
    sample = notice("position_asked")
    assert speak("sample").lower() in told(sample, catalogue, speak).text.lower()
    assert is_made_up(sample)
    real = notice("contract_behind")
    assert speak("Demonstration figures.") not in told(real, catalogue, speak).text
    assert not is_made_up(real)


def test_a_delivery_says_how_far_it_got_and_why() -> None:
    speak = translator("en")
    assert state_text(Delivery("dropped", reason="no_right"), speak) == "not sent (the right to it has gone)"
    assert state_text(Delivery("given_up", tries=8, reason="HTTP 500"), speak) == "given up after 8 tries (HTTP 500)"
    assert state_text(Delivery("sent"), speak) == "sent"
    assert state_text(Delivery("waiting", reason="Connection lost", doubts=1), speak).endswith("it may come twice)")
