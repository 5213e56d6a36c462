"""Streamlit's small scripts travel within the first page, so that a browser asks for a third of the files.

Most of the ninety scripts of a first visit are hardly longer than the request for them. They go as ``data:`` addresses
into an import map: whoever imports such a script, by its name or its own address, gets the one in the page. A browser
that knows no import maps takes the files, as before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

_AT_MOST = 4000  # bytes; the page is sent anew with each visit, so larger ones are better kept by the browser
_FOLDER = "/static/js/"
_IMPORTED = re.compile(r'((?:from|import)")\./([^"]+\.js)(?=")')
_NEEDS_ITS_ADDRESS = ("import(", "import.meta")
_AS_IT_IS = " !$&'()*+,/:;=?@[]{}|^`<>"


def small_scripts(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the scripts that are small and do not care where they are loaded from.

    Args:
        folder: Where the scripts are.
        names: Their names in it.

    Returns:
        Text by name.
    """
    paths = (folder / name for name in names)
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths if path.stat().st_size <= _AT_MOST}
    return {name: text for name, text in texts.items() if not any(word in text for word in _NEEDS_ITS_ADDRESS)}


def import_map(scripts: Mapping[str, str]) -> str:
    """Return the element that holds the scripts; it has to stand before whatever loads one.

    A script at a ``data:`` address has no folder, so what it imports is named without one, and the map knows that too.
    """
    addresses: dict[str, str] = {}
    for name, text in scripts.items():
        for _, other in _IMPORTED.findall(text):
            addresses.setdefault(other, _FOLDER + other)
        addresses[name] = addresses[_FOLDER + name] = "data:text/javascript," + quote(
            _IMPORTED.sub(r"\1\2", text), safe=_AS_IT_IS
        )
    written = json.dumps({"imports": addresses}, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    return f'<script type="importmap">{written}</script>'
