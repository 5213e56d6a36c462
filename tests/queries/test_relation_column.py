from __future__ import annotations

from wardstats.snapshot.store import Snapshot


def test_all_relations_with_their_columns_and_no_internal_ones(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("relation_column")
    relations = set(frame["relation_name"])
    assert {"figure", "score", "unit", "criterion"} <= relations
    assert not any(name.startswith(("pg_", "duckdb_", "sqlite_")) for name in relations)
    score = frame[frame["relation_name"] == "score"]
    assert score["column_name"].tolist()[:3] == ["period", "unit_code", "node_code"]
