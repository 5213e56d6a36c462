"""Queries that would take for ever or fill memory: each is stopped within the box's time, and the next is answered.

One child process, with the limits of the box, takes them one after another; what not even an interrupt stops, so that
the child has to end, is in test_sql_box.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.small_block import SMALL, build_and_publish
from wardstats.core.settings import PROJECT

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
    "select count(*) from range(1000000000) using sample 50%",
]  # fmt: skip
BOMBS = [*(f"select {shape} from {ENDLESS}" for shape in SHAPES), *OTHERS]
CHILD = """
import json, sys
from wardstats.snapshot.sql_box import Limits, _answer, _limit_this_process
import wardstats.snapshot.store
limits = Limits(seconds=0.2)
_limit_this_process(Limits(seconds=300))
for line in sys.stdin:
    found = _answer({"file": sys.argv[1], "sql": json.loads(line)}, limits)
    print(found.get("reason", "answered"), flush=True)
"""


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what became of each."""
    var = tmp_path_factory.mktemp("bombs")
    file: Path = var / "snapshots" / f"{build_and_publish(SMALL, var).id}.duckdb"
    asked = [sql for bomb in BOMBS for sql in (bomb, "select 1")]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(file)],
        cwd=PROJECT,
        input="".join(f"{json.dumps(sql)}\n" for sql in asked),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    told = done.stdout.split()
    assert len(told) == len(asked), f"ended by {asked[len(told)]!r}: {done.returncode}, {done.stderr[-500:]}"
    assert set(told[1::2]) == {"answered"}
    return dict(zip(BOMBS, told[::2], strict=True))


@pytest.mark.hostile("SQL resource bombs")
@pytest.mark.parametrize("sql", BOMBS, ids=lambda sql: sql[:60])
def test_it_is_stopped(reasons: dict[str, str], sql: str) -> None:
    assert reasons[sql] in ("time", "memory"), reasons[sql]
