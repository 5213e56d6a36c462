"""Queries that would take for ever or fill memory: each is stopped within the box's time, and the next is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.small_block import SMALL, build_and_publish
from wardstats.snapshot.sql_box import Answer, Limits, SqlBox

ENDLESS = "range(100000) a, range(100000) b, range(100000) c"
SHAPES = [
    "count(*)", "sum(hash(a))", "max(a::text || b::text || c::text)",
    "count(distinct xor(hash(a.range), hash(b.range * c.range)))",
    "approx_count_distinct(xor(hash(c.range), hash(b.range * a.range)))",
    "string_agg(c::text, ',')", "list(c)", "histogram(hash(c))", "median(hash(c))", "mode(xor(hash(a), hash(b)))",
]  # fmt: skip
OTHERS = [
    "with recursive t as (select 1 as x union all select x + 1 from t) select count(*) from t",
    "with recursive t as (select 1 as x union all select x + 1 from t) select max(x) from t, range(1000)",
    "with recursive t as (select 1::bigint as x union select (x * 48271) % 2147483647 from t) select count(*) from t",
    "with recursive t as (select 'x' as x union all select x || x from t where length(x) < 1e12) select 1 from t",
    "with recursive t as (select [1] as x union all select list_concat(x, x) from t) select count(*) from t",
    "select count(*) from range(1000000000000)",
    "select * from range(1000000000000) order by random()",
    "select range % 7, count(*) from range(1000000000000) group by all",
    "select count(*) from generate_series(1, 1000000000000)",
    "select distinct range from range(1000000000000)",
    "select row_number() over (order by hash(range)) from range(1000000000)",
    "select sum(range) over (partition by range % 10 order by range rows between unbounded preceding and current row)"
    " from range(1000000000)",
    "select count(*) from range(1000000000) a where exists (select 1 from range(1000) b where b.range = a.range % 999)",
    "select (select count(*) from range(100000) b where b.range < a.range) from range(1000000) a",
    "select count(*) from range(1000000000) where regexp_matches(range::text || repeat('a', 500), '(a|aa)+$')",
    "select count(*) from range(1000000000) where levenshtein(repeat('a', 500), range::text) > 3",
    "select count(*) from range(1000000000) where md5(sha256(range::text)) = 'x'",
    "select sum(length(format('{:>1000}', range::text))) from range(1000000000)",
    "select range::text || repeat('x', 1000) as k, count(*) from range(1000000000) group by k",
    "select list_sort(list(hash(range))) from range(1000000000)",
    "select count(*) from (select unnest(range(1000)) from range(1000000000))",
    "select count(*) from (select unnest(generate_series(1, 1000)), range from range(1000000000)) a",
    "select * from range(1000000000) a asof join range(1000000000) b on a.range >= b.range",
    "select count(*) from range(100000000) a full join range(100000000) b on a.range = -b.range",
    "select * from range(100000000) intersect select * from range(100000000)",
    "select * from range(100000000) except select range % 7 from range(100000000)",
    "pivot (select range % 100 as p, range from range(1000000000)) on p in (1, 2, 3) using sum(range)",
    "select grouping_id(a, b, c), count(*) from (select range a, range * 2 b, range * 3 c from range(100000000))"
    " group by cube (a, b, c)",
]  # fmt: skip
BOMBS = [*(f"select {shape} from {ENDLESS}" for shape in SHAPES), *OTHERS]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Answer]]:
    """Return a box that asks the small block."""
    var = tmp_path_factory.mktemp("bombs")
    block = build_and_publish(SMALL, var).id
    box = SqlBox(var / "snapshots", Limits(seconds=0.2))
    yield lambda sql: box.run(block, sql)
    box.close()


@pytest.mark.hostile("SQL resource bombs")
@pytest.mark.parametrize("sql", BOMBS, ids=lambda sql: sql[:60])
def test_it_is_stopped(box: Callable[[str], Answer], sql: str) -> None:
    assert box(sql).reason in ("time", "memory")
    assert box(f"select {BOMBS.index(sql)}").frame is not None
