"""Ways out of the SQL box, and types that are hard to show: each is refused with a reason, or answered as plain JSON.

Asked in this process, without the child and its limits: what is here takes no time and no memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.small_block import SMALL, build_and_publish
from wardstats.snapshot.sql_child import Limits, _answer

# Everything that is not one SELECT.
STATEMENTS = """
insert into unit select * from unit | update score set score = 100 | delete from score | truncate score
drop view unit
drop schema main cascade | alter table unit rename to gone | alter table unit add column more integer
create table t (a integer)
create or replace table unit as select 1 | create view v as select 1 | create temp view v as select 1
create schema s
create index i on unit (unit_code) | create sequence s | create type t as enum ('a') | create macro m(a) as a + 1
create macro m() as table select * from read_text('/etc/passwd') | create secret s (type s3)
create function f(a) as a
comment on table unit is 'x' | copy unit to 'x.csv' | copy (select 1) to 'x.parquet' | copy unit from '/etc/passwd'
copy unit to '/dev/stdout' | copy from database a to b | export database 'x' | import database 'x'
attach 'x.duckdb' as x
attach ':memory:' as x | attach '' as x (type sqlite) | attach 'postgres:host=localhost' as x | detach memory
use memory
checkpoint | force checkpoint | vacuum | analyze | begin | begin; select 1; commit | commit | rollback | abort
set threads = 64 | set global memory_limit = '64GB' | set enable_external_access = true
set lock_configuration = false
set temp_directory = '/tmp' | set allowed_directories = ['/'] | set search_path = 'x' | reset memory_limit
set variable x = 1
pragma enable_profiling | pragma database_size | pragma table_info('unit') | pragma version | call pragma_version()
call duckdb_settings() | install spatial | force install httpfs from 'http://localhost' | load 'x.so'
update extensions
prepare p as select 1 | execute p | deallocate p | explain select 1 | explain analyze select * from unit
select 1; select 2
select 1;;select 2 
; drop view unit | /* */ drop view unit | --
 drop view unit | (delete from score) | with a as (delete from score returning 1) select * from a
"""
# Files, folders, the network, the environment, other programs, other data: no SELECT reaches them.
REACHES = """
read_csv('/etc/passwd') | read_csv_auto('/etc/passwd') | read_text('/etc/passwd') | read_blob('/etc/passwd')
read_json('/etc/passwd') | read_json_objects('/etc/passwd') | read_ndjson('/etc/passwd')
read_parquet('/etc/passwd')
parquet_scan('x') | parquet_metadata('x') | parquet_schema('x') | sniff_csv('/etc/passwd') | glob('/*')
glob('../*')
glob('/proc/self/environ') | read_text('/proc/self/environ') | read_text('/dev/stdin') | read_text('/dev/zero')
read_text('../current.json') | read_text('./../ledger/00000001.json') | read_text('file:///etc/passwd')
read_text('//etc/passwd') | read_text('\\\\\\\\host\\\\share') | read_text('~/.ssh/id_rsa')
read_text(['/etc/passwd', '/etc/group'])
read_text(array_agg('/etc/passwd')) | read_csv('http://localhost/') | read_csv('https://example.com/a.csv')
read_parquet('s3://bucket/a.parquet') | read_parquet('hf://datasets/a') | read_text('gcs://b/a') | '/etc/passwd'
'x.csv'
'../current.json' | 'http://localhost/a.parquet' | "/etc/passwd" | '/proc/self/maps' | sqlite_scan('x', 'y')
postgres_query('x', 'select 1') | mysql_query('x', 'select 1') | st_read('/etc/passwd') | read_xlsx('x.xlsx')
query('drop view unit') | query('select * from read_text(''/etc/passwd'')') | query_table('/etc/passwd')
iceberg_scan('x') | delta_scan('x') | arrow_scan(1, 2, 3) | arrow_scan_dumb(1, 2, 3) | pandas_scan(1)
python_map_function(1)
seq_scan('unit') | index_scan('unit') | request | limits | connection | self | sys | os | builtins
__import__('os')
read_duckdb('x.duckdb') | load_aws_credentials() | shellfs('ls') | 'ls |' | read_text('ls |')
ducklake_snapshots('x')
"""
EXPRESSIONS = """
getenv('HOME') | getvariable('x') || nowhere | pg_read_file('/etc/passwd') | load_extension('x') | system('ls')
shell('ls')
current_setting('no_such_setting') | nextval('s') | currval('s') | write_log('x') || nowhere
(select content from read_text('/etc/passwd'))
(select 1 union select 2 from read_csv('/etc/passwd')) | exists (select * from glob('/*')) | [x for x in glob('/*')]
list_transform([1], x -> (select content from read_text('/etc/passwd'))) | lo_import('/etc/passwd')
xp_cmdshell('ls')
load_file('/etc/passwd') | readfile('/etc/passwd') | writefile('/tmp/x', 'y') | utl_http.request('http://localhost')
sleep(10)
benchmark(1000000, md5('a')) | dblink('x') | error('made up') | cast('x' as integer) | 1 / 'x' | 'a'::no_such_type
unknown_function(1) | $1 | ? | :name | {{1}} | ${1} | `x` | 'open | "open | (1 | 1) | 1 as "" | select | \x00
"""
TYPES = """
1::tinyint | 1::utinyint | 1::hugeint | 170141183460469231731687303715884105727 | 1::uhugeint | 1.5::decimal(38, 10)
1::real
'nan'::double | 'inf'::double | '-inf'::double | 1e308 | 5e-324 | -0.0::double | null | true | ''::blob
'\\xff\\x00'::blob
'101'::bit | date '0001-01-01' | date '9999-12-31' | date 'infinity' | date '290000-01-01 (BC)' | time '24:00:00'
timestamp '2026-01-01 00:00:00' | timestamp 'infinity' | timestamptz '2026-01-01 00:00:00+14' | timetz '12:00:00+07'
timestamp_ns '2026-01-01 00:00:00.123456789' | interval 1 month | interval '-1 second' | interval '99999 years'
uuid()
[1, 2] | [] | [null] | [[1], [2, null]] | array_value(1, 2) | {'a': 1} | {'a': {'b': [1]}} | row(1, 2)
map {'a': 1} | map {1: [2]}
map {} | union_value(a := 1) | 'a'::enum('a', 'b') | '{"a": 1}'::json | chr(0) | chr(1114111) | chr(8238) || 'x'
repeat('đ', 5000)
'<script>alert(1)</script>' | '=1+1' | '\u202e' | '😀' | e'\\n\\t' | '''' | count(*) over () | 1 as "a""b"
1 as "<b>" | 1 as "Đ"
1 as "select" | typeof(1) | version() | current_date | now() | random() | hash('a') | md5('a') | 1 << 30
factorial(30)
2 ** 1000 | 9223372036854775807 | -9223372036854775808 | 18446744073709551615 | 1 = null | 'a' collate vi
strip_accents('Đ')
"""


def listed(text: str) -> list[str]:
    return [part.strip(" ") for line in text.strip("\n").split("\n") for part in line.split(" | ")]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    var = tmp_path_factory.mktemp("escapes")
    file = var / "snapshots" / f"{build_and_publish(SMALL, var).id}.duckdb"
    before = file.read_bytes()
    yield file
    assert ask(file, "select count(*) from unit")["rows"] == [[4]]
    assert file.read_bytes() == before


def ask(file: Path, sql: str) -> dict[str, Any]:
    return _answer({"file": str(file), "sql": sql}, Limits())


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*")}


ESCAPES = [
    *listed(STATEMENTS), *(f"select * from {text}" for text in listed(REACHES)),
    *(f"select {text}" for text in listed(EXPRESSIONS)),
]  # fmt: skip


@pytest.mark.hostile("SQL escapes and types")
@pytest.mark.parametrize("sql", ESCAPES, ids=lambda sql: sql[:50].encode("unicode_escape").decode())
def test_no_way_out(file: Path, sql: str) -> None:
    before = files(file.parents[1])
    found = ask(file, sql)
    assert found.get("reason") in ("not_select", "several", "no_access", "error", "empty"), found
    assert "root:" not in found["detail"]
    assert files(file.parents[1]) == before


@pytest.mark.hostile("SQL escapes and types")
@pytest.mark.parametrize("expression", listed(TYPES), ids=lambda text: text[:50].encode("unicode_escape").decode())
def test_every_type_is_shown(file: Path, expression: str) -> None:
    found = ask(file, f"select {expression}")
    assert "reason" not in found, found
    ((value,),) = json.loads(json.dumps(found["rows"]))
    assert value is None or isinstance(value, bool | int | float | str)
    assert not isinstance(value, str) or len(value) <= 2000
