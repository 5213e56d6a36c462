"""Step 03: the tree of themes."""

from __future__ import annotations

from tests.small_block import Folder, Select, rows


def test_tree_under_its_root(select: Select) -> None:
    found = select("select * from node order by path")
    assert rows(found, "node_code", "parent_code", "depth", "weight", "position") == [
        ("total", None, 0, 1, 0),
        ("service", "total", 1, 1, 1),
        ("files", "service", 2, 1, 1),
        ("petitions", "service", 2, 2, 2),
        ("living", "total", 1, 1, 2),
    ]


def test_a_third_level_and_more_than_nine_siblings_sort_by_position(small: Folder, select: Select) -> None:
    small.append("themes.csv", "late,files,Chậm,Late,विलंब,1,sum,10,,", "early,files,Sớm,Early,शीघ्र,1,sum,9,,")
    found = select("select node_code, depth from node order by path")
    assert rows(found, "node_code", "depth")[2:5] == [("files", 2), ("early", 3), ("late", 3)]
