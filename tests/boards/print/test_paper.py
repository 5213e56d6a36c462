"""What every printed page says of its figures, and that the same snapshot gives the same file."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from tests.views import view_of
from wardstats.boards.print.paper import made_of, paper_notices, set_in_type, sources_text
from wardstats.snapshot.store import Snapshot


def test_notices_begin_with_what_weighs_most(laocai: Snapshot) -> None:
    view = view_of(laocai, "en", "2026-10")
    ranking = view.ranking()
    assert [notice["title"] for notice in paper_notices(view, ranking)] == [
        "Demonstration figures.",
        "Sample criteria.",
    ]
    few = ranking.assign(is_finished=False)
    assert paper_notices(view, few)[0]["title"].startswith("Not enough figures yet")


def test_a_year_names_what_is_made_up_in_all_its_periods(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot, "en", "2026-04")
    [whole] = paper_notices(view, view.ranking(), ("2026-03", "2026-04"))
    assert whole["title"] == "Demonstration figures."


def test_sources_and_snapshot_are_named(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot, "en", "2026-04")
    used = view.frame("source_used", periods=("2026-04",), language="en")
    assert all(title in sources_text(view) for title in used["title"])
    assert view.snapshot_id in made_of(view)


def test_the_same_facts_give_the_same_tagged_file(small_snapshot: Snapshot, tmp_path: Path) -> None:
    view = view_of(small_snapshot, "en", "2026-04")
    template = tmp_path / "page.typ"
    template.write_text(
        '#set document(title: "A")\n#let facts = json(bytes(sys.inputs.facts))\n#text(lang: "en", facts.text)', "utf-8"
    )
    documents = [set_in_type(template, view, {"text": "#panic() *b*"}) for _ in range(2)]
    assert documents[0] == documents[1]
    document = pypdfium2.PdfDocument(documents[0])
    assert document.is_tagged()
    assert document[0].get_textpage().get_text_bounded().strip() == "#panic() *b*"  # texts are no markup
