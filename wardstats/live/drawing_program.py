"""Streamlit's script that draws figures: cut down to the kinds of trace that our charts use, and drawing each once.

Plotly's full program starts fifty kinds of trace before it draws a first bar, maps and 3D among them: nearly a second
of a page's first view on a small computer. Its modules are functions in one long declaration, and one of them lists
the kinds: we shorten that list, and leave out the modules that nothing calls any more.

Streamlit's part round it draws a new figure unseen before it has measured its place, then once more at the right width,
from a copy of its parts that it makes for its own theme, which we do not use.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

NAMES = "PlotlyChart.*.js"
# How the bundle that is pinned writes a module, name=_({"lib/bar.js"(e,t){...}}), and below the list of kinds.
_MODULE = re.compile(rb'=([_g])\(\{"([\w@./-]+)"')
_MODULE_END = b"}}),"
_NAME = re.compile(rb",([\w$]+)$")
_CALL = re.compile(rb"([\w$]+)\(\)")
_KINDS = re.compile(rb"\.register\(\[([^\]]*)\]\)")

# How the pinned bundle draws a figure: at any width but 0, though -1 means unknown; and copies its parts at first.
_AT_ANY_WIDTH = b"width:t}=E(k);return t?i(Je"
_AT_A_KNOWN_WIDTH = b"width:t}=E(k);return t>0?i(Je"
_COPIED = b"{F(t=>Le(t,e.theme,c))},[e.id,c,e.theme])"
_COPIED_FOR_A_THEME = b"{F(t=>e.theme?Le(t,e.theme,c):t)},[e.id,c,e.theme])"


def drawn_once(script: bytes) -> bytes:
    """Return the script of Streamlit's PlotlyChart, drawing each figure once; or the one given, if built otherwise."""
    if script.count(_AT_ANY_WIDTH) != 1 or script.count(_COPIED) != 1:
        return script
    return script.replace(_AT_ANY_WIDTH, _AT_A_KNOWN_WIDTH).replace(_COPIED, _COPIED_FOR_A_THEME)


def only_traces(script: bytes, kept: Collection[str]) -> bytes:
    """Return the script with these kinds of trace alone.

    Args:
        script: Of Streamlit's PlotlyChart.
        kept: Kinds by Plotly's names, such as bar; scatter is always there.

    Returns:
        A script that does the same for charts of these kinds; the one given, if it is not built as the one pinned.
    """
    modules = list(_modules(script))
    names = {file: name for name, file, _, _ in modules}
    index = script.find(b'"lib/index.js"')
    kinds = _KINDS.search(script, max(index, 0))
    wanted = [names.get(f"lib/{kind}.js".encode(), b"?") + b"()" for kind in kept]
    if index < 0 or kinds is None or not set(wanted) <= set(kinds[1].split(b",")):
        return script
    head, tail = script[: kinds.start(1)] + b",".join(wanted), script[kinds.end(1) :]
    return _without_unused(head + tail)


def _without_unused(script: bytes) -> bytes:
    """Return the script without the modules that are never called, directly or by another."""
    spans = {name: (start, end) for name, _, start, end in _modules(script)}
    calls = {name: set(_CALL.findall(script, start, end)) for name, (start, end) in spans.items()}
    others, at = [], 0
    for start, end in spans.values():
        others.append(script[at:start])
        at = end
    others.append(script[at:])
    waiting = {name for text in others for name in _CALL.findall(text)} & calls.keys()
    used: set[bytes] = set()
    while waiting:
        used.add(name := waiting.pop())
        waiting |= (calls[name] & calls.keys()) - used
    kept, at = [], 0
    for name, (start, end) in spans.items():
        if name not in used:
            kept.append(script[at:start] + name + b"=0,")
            at = end
    return b"".join([*kept, script[at:]])


def _modules(script: bytes) -> Iterator[tuple[bytes, bytes, int, int]]:
    """Yield name, file, start and end of each module that another one follows at once."""
    heads = [(head, _NAME.search(script, max(head.start() - 12, 0), head.start())) for head in _MODULE.finditer(script)]
    for (head, name), (_, following) in pairwise(heads):
        if name and following and head[1] == b"_" and script.endswith(_MODULE_END, name.start(1), following.start(1)):
            yield name[1], head[2], name.start(1), following.start(1)
