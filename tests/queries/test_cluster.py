from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_clusters_in_the_order_of_block_toml(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("cluster", language="vi")
    assert rows(frame, "cluster", "cluster_name") == [("north", "Phía bắc"), ("south", "Phía nam")]
    assert small_snapshot.query("cluster", language="hi")["cluster_name"].tolist() == ["उत्तर", "दक्षिण"]
    assert small_snapshot.query("cluster", language="en")["cluster_name"].tolist() == ["North", "South"]
