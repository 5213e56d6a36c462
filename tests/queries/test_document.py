from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_documents_newest_first_those_without_a_day_last(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("document", language="hi")
    assert rows(frame, "document_id", "kind", "number", "title", "link", "path", "is_sample") == [
        ("decision_12", "decision", "12/QĐ-UBND", "परीक्षण खंड का गठन", "https://example.org/12", None, False),
        ("rules", "regulation", None, "Quy chế", None, "README.md", True),
    ]
