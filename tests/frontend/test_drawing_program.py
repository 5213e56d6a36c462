"""The script that draws figures: cut down to our charts' kinds of trace, and never an old one from a cache."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from wardstats.charts.figure import TRACES, Figure
from wardstats.frontend.compressed_files import EAGER_SCRIPTS, CompressedFiles
from wardstats.frontend.drawing_program import NAMES, drawn_once, only_traces
from wardstats.frontend.streamlit_files import NotAsExpectedError

FOLDER = Path(st.__file__).parent / "static/static"

SCRIPT = (
    b'import{t}from"./x.js";var W=n(()=>{var _=f;function f(e){return e}'
    b'var a=_({"src/core.js"(e,t){t.exports=1}}),b=_({"src/shared.js"(e,t){t.exports={v(){d({e:{}}),1}}}}),'
    b'c=_({"lib/bar.js"(e,t){t.exports=b()}}),d=_({"src/map.js"(e,t){t.exports=2}}),$e=_({"lib/map.js"(e,t){t.exports=d()}}),'
    b'h=_({"lib/pie.js"(e,t){t.exports=b()}}),g=_({"end.js"(e,t){}});'
    b'return _({"lib/index.js"(e,t){var n=a();n.register([c(),$e(),h()]),t.exports=n}})()});export{W};'
)


def test_the_pinned_script_is_recognised_and_cut() -> None:
    [file] = FOLDER.rglob(NAMES)
    whole = file.read_bytes()
    script = only_traces(whole, TRACES)
    assert len(script) < 0.45 * len(whole)
    [kinds] = re.findall(rb'"lib/index\.js"\(\w+,\w+\)\{[^}]*?register\(\[([^\]]*)\]', script)
    names = [entry.removesuffix(b"()") for entry in kinds.split(b",")]
    files = dict(re.findall(rb'([\w$]+)=_\(\{"lib/(\w+)\.js"', script))
    assert [files[name].decode() for name in names] == list(TRACES)
    assert whole.endswith(script[-9000:])  # what Streamlit put round it is there
    assert only_traces(script, TRACES) == script


def test_the_pinned_script_draws_once_and_is_else_the_same() -> None:
    [file] = FOLDER.rglob(NAMES)
    whole = file.read_bytes()
    script = drawn_once(whole)
    assert b"return t>0?i(Je" in script
    assert b"F(t=>e.theme?Le(t,e.theme,c):t)" in script
    assert b"O.layout.dragmode!=null||(r=" in script
    added = ("t>0", "e.theme?", ":t", "!=null")
    assert len(script) - len(whole) == sum(map(len, added)) - len("t")
    for other in (script, SCRIPT):
        with pytest.raises(NotAsExpectedError, match="0 places, not one, that it draws at any width"):
            drawn_once(other)


def test_a_figure_is_drawn_once_whatever_the_release_calls_its_variables() -> None:
    width = b"var K=k(e=>{let{width:$w}=T(O);return $w?i(G,{width:$w,...e}):null});"
    copied = b"(0,j.useEffect)(()=>{P(u=>Pe(u,q.theme,l))},[q.id,l,q.theme])"
    dragged = b"a?n=1:i&&(q.layout.hovermode||(t=0),q.layout.dragmode||(r=z?`pan`:1));"
    assert drawn_once(width + copied + dragged) == (
        b"var K=k(e=>{let{width:$w}=T(O);return $w>0?i(G,{width:$w,...e}):null});"
        b"(0,j.useEffect)(()=>{P(u=>q.theme?Pe(u,q.theme,l):u)},[q.id,l,q.theme])"
        b"a?n=1:i&&(q.layout.hovermode||(t=0),q.layout.dragmode!=null||(r=z?`pan`:1));"
    )
    with pytest.raises(NotAsExpectedError, match="0 places, not one, that it copies a figure's parts"):
        drawn_once(width + dragged)
    with pytest.raises(NotAsExpectedError, match="2 places"):
        drawn_once(width + width + copied + dragged)


def test_what_is_left_out_is_what_nothing_calls() -> None:
    script = only_traces(SCRIPT, ["bar"])
    assert b".register([c()])" in script
    assert b"d=0,$e=0,h=0,g=_(" in script
    for kept in (b'a=_({"src/core.js"', b'b=_({"src/shared.js"', b'c=_({"lib/bar.js"', b'_({"lib/index.js"'):
        assert kept in script


def test_what_stands_before_a_module_stays_with_it() -> None:
    """Some modules have functions before their name, which end no module that we could tell."""
    glue = b'u=_({"src/u.js"(e,t){z()}});function help(){return x()}var v={},s=g({"src/s.ts"(){help()}}),'
    others = b'x=_({"src/x.js"(e,t){}}),y=_({"src/y.js"(e,t){}}),z=_({"src/z.js"(e,t){}}),'
    script = SCRIPT.replace(b"c=_(", glue + others + b"c=_(")
    unused = only_traces(script, ["bar"])
    assert b"s=0,x=0,y=0,z=0," in unused
    assert b"function help(){return x()}var v={},s=0," in unused
    used = only_traces(script.replace(b"t.exports=1", b"s()"), ["bar"])
    assert glue in used
    assert b'x=_({"src/x.js"(e,t){}}),y=0,z=_({"src/z.js"(e,t){}}),' in used


@pytest.mark.parametrize(
    "script",
    [b"", b"export default 1", SCRIPT.replace(b"register", b"enrol"), SCRIPT.replace(b"lib/bar.js", b"lib/bars.js")],
)
def test_a_script_that_is_built_otherwise_is_refused(script: bytes) -> None:
    with pytest.raises(NotAsExpectedError, match="PlotlyChart"):
        only_traces(script, ["bar"])


def test_a_changed_script_is_asked_for_again_and_only_sent_when_it_differs(tmp_path: Path) -> None:
    (tmp_path / "PlotlyChart.abc.js").write_bytes(SCRIPT)
    (tmp_path / "Other.abc.js").write_bytes(SCRIPT)

    def client(*kept: str) -> TestClient:
        replaced = {"PlotlyChart.abc.js": only_traces(SCRIPT, kept)}
        return TestClient(
            Starlette(middleware=[Middleware(CompressedFiles, path="/static/", folder=tmp_path, replaced=replaced)])  # pyright: ignore[reportArgumentType]
        )

    first = client("bar").get("/static/PlotlyChart.abc.js")
    assert first.headers["cache-control"] == "no-cache"
    assert first.content == only_traces(SCRIPT, ["bar"])
    known = {"if-none-match": first.headers["etag"]}
    assert client("bar").get("/static/PlotlyChart.abc.js", headers=known).status_code == 304
    another = client("bar", "pie").get("/static/PlotlyChart.abc.js", headers=known)
    assert (another.status_code, another.content) == (200, only_traces(SCRIPT, ["bar", "pie"]))
    untouched = client("bar").get("/static/Other.abc.js")
    assert "immutable" in untouched.headers["cache-control"]
    assert untouched.content == SCRIPT


def test_scripts_that_a_page_calls_most_of_are_marked_for_compiling_whole(tmp_path: Path) -> None:
    for name in ("index.abc.js", "protobuf.abc.js"):
        (tmp_path / name).write_bytes(SCRIPT)
    middleware = Middleware(CompressedFiles, path="/static/", folder=tmp_path, eager=["index.abc.js"])  # pyright: ignore[reportArgumentType]
    client = TestClient(Starlette(middleware=[middleware]))
    marked = client.get("/static/index.abc.js")
    assert marked.content == b"//# allFunctionsCalledOnLoad\n" + SCRIPT  # has to be the first line
    assert "immutable" in marked.headers["cache-control"]
    assert client.get("/static/protobuf.abc.js").content == SCRIPT


@pytest.mark.parametrize("pattern", EAGER_SCRIPTS)
def test_each_script_that_is_marked_is_there(pattern: str) -> None:
    assert list(FOLDER.rglob(pattern))


def test_a_figure_of_a_kind_that_browsers_would_not_draw_fails_at_once() -> None:
    with pytest.raises(AssertionError, match="pie"):
        Figure({}).add("pie", values=[1, 2])
