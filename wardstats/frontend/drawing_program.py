"""Streamlit's script that draws figures: cut down to the kinds of trace that our charts use, and drawing each once.

Plotly's full program starts fifty kinds of trace before it draws a first bar, maps and 3D among them: nearly a second
of a page's first view on a small computer. Its modules are functions in one long declaration, and one of them lists
the kinds: we shorten that list, and leave out the modules that nothing calls any more.

Streamlit's part round it draws a new figure unseen before it has measured its place, then once more at the right width,
from a copy of its parts that it makes for its own theme, which we do not use. And a figure that answers clicks it draws
once more so that it can be dragged, though the figure says that it cannot: a finger on it then scrolls no page.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from wardstats.frontend.streamlit_files import NotAsExpectedError

NAMES = "PlotlyChart.*.js"
# How the bundle that is pinned writes a module, name=_({"lib/bar.js"(e,t){...}}), and below the list of kinds. Some
# start with g( instead, and have functions and variables of their own before their name.
_MODULE = re.compile(rb'[,\s]([\w$]+)=[_g]\(\{"([\w@./-]+)"')
_MODULE_END = b"}}),"
_CALL = re.compile(rb"([\w$]+)\(\)")
_KINDS = re.compile(rb"\.register\(\[([^\]]*)\]\)")

# How a bundle draws a figure, at any width but 0, though -1 means unknown; and how it copies a figure's parts at first.
# Each release names its variables anew.
_NAME = rb"([\w$]+)"
_AT_ANY_WIDTH = re.compile(rb"(width:%b\}=[\w$]+\([\w$]+\);return \2)(?=\?[\w$]+\([\w$]+,\{width:\2,)" % _NAME)
_COPIED = re.compile(rb"(?<=\{)%b\(%b=>(%b\(\2,%b\.theme,[\w$]+\))\)(?=\},\[\5\.id,)" % (_NAME, _NAME, _NAME, _NAME))
# How it makes a figure that answers clicks one that can be dragged, wherever that is not said or is said to be off.
_DRAGGED = re.compile(rb"(?<![\w$])%b\.layout\.dragmode(?=\|\|\()" % _NAME)


def drawn_once(script: bytes) -> bytes:
    """Return the script of Streamlit's PlotlyChart, drawing each figure once.

    Raises:
        NotAsExpectedError: The script is not built as the one pinned.
    """
    places = {
        "draws at any width": _AT_ANY_WIDTH,
        "copies a figure's parts": _COPIED,
        "lets a figure be dragged": _DRAGGED,
    }
    for what, place in places.items():
        if (count := len(place.findall(script))) != 1:
            raise NotAsExpectedError(f"{NAMES} has {count} places, not one, that it {what} in the way that is known")
    script = _DRAGGED.sub(rb"\1.layout.dragmode!=null", script)
    return _COPIED.sub(rb"\1(\2=>\5.theme?\3:\2)", _AT_ANY_WIDTH.sub(rb"\1>0", script))


def only_traces(script: bytes, kept: Collection[str]) -> bytes:
    """Return the script with these kinds of trace alone.

    Args:
        script: Of Streamlit's PlotlyChart.
        kept: Kinds by Plotly's names, such as bar; scatter is always there.

    Returns:
        A script that does the same for charts of these kinds.

    Raises:
        NotAsExpectedError: The script is not built as the one pinned.
    """
    names = {module[2]: module[1] for module in _MODULE.finditer(script)}
    index = script.find(b'"lib/index.js"')
    kinds = _KINDS.search(script, max(index, 0))
    if index < 0 or kinds is None:
        raise NotAsExpectedError(f"{NAMES} has no module lib/index.js that registers a list of kinds of trace")
    wanted = [names.get(f"lib/{kind}.js".encode(), b"?") + b"()" for kind in kept]
    if not set(wanted) <= set(kinds[1].split(b",")):
        raise NotAsExpectedError(f"{NAMES} does not register every one of {', '.join(kept)} as lib/<kind>.js")
    head, tail = script[: kinds.start(1)] + b",".join(wanted), script[kinds.end(1) :]
    return _without_unused(head + tail)


@dataclass(frozen=True)
class _Module:
    """From where a module's name stands to where that of the next one does."""

    name: bytes
    start: int
    end: int
    is_alone: bool  # nothing that belongs to the next module stands before it

    def calls(self, script: bytes) -> set[bytes]:
        return set(_CALL.findall(script, self.start, self.end))


def _without_unused(script: bytes) -> bytes:
    """Return the script without the modules that are never called, directly or by another."""
    modules = _modules(script)
    places = {module.name: place for place, module in enumerate(modules)}
    called = set(_CALL.findall(script, 0, modules[0].start))
    waiting = [len(modules) - 1] + [places[name] for name in called & places.keys()]  # the last has all that follows it
    used: set[int] = set()
    while waiting:
        place = waiting.pop()
        if place in used:
            continue
        used.add(place)
        waiting += [places[name] for name in modules[place].calls(script) & places.keys()]
        if place and not modules[place - 1].is_alone:
            waiting.append(place - 1)
    kept, at = [], 0
    for place, module in enumerate(modules):
        if place not in used and module.is_alone:
            kept.append(script[at : module.start] + module.name + b"=0,")
            at = module.end
    return b"".join([*kept, script[at:]])


def _modules(script: bytes) -> list[_Module]:
    heads = list(_MODULE.finditer(script))
    ends = [head.start(1) for head in heads[1:]] + [len(script)]
    return [
        _Module(head[1], head.start(1), end, script.endswith(_MODULE_END, head.start(1), end) and end < len(script))
        for head, end in zip(heads, ends, strict=True)
    ]
