"""Streamlit's own files and modules: where they are, which scripts its page loads, the error of one built otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st

from wardstats.core.errors import WardStatsError

STREAMLIT_FILES = Path(st.__file__).parent / "static"
_SCRIPT = re.compile(r'"\./static/js/([^"]+\.js)"')
_STYLE = re.compile(r'"\./static/(css/[^"]+\.css)"')
_IMPORTED = re.compile(r'(?:from|import)"\./([^"]+\.js)"')
_IMPORTS_WITHIN = 20_000  # characters: they stand at the top, and the largest script has millions


class NotAsExpectedError(WardStatsError):
    """Streamlit is not built as a change of ours expects; the text says what was found."""


def module(name: str) -> Any:
    """Return a module of Streamlit's.

    Raises:
        NotAsExpectedError: There is none of this name.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise NotAsExpectedError(f"there is no module {error.name}") from error


def index(folder: Path) -> str:
    """Return Streamlit's one HTML page.

    Raises:
        NotAsExpectedError: There is none.
    """
    page = folder / "index.html"
    if not page.is_file():
        raise NotAsExpectedError("there is no index.html")
    return page.read_text(encoding="utf-8")


def first_scripts(folder: Path) -> list[str]:
    """Return the names of the scripts that Streamlit's page loads before it is there."""
    return _SCRIPT.findall(index(folder))


def first_styles(folder: Path) -> list[str]:
    """Return the style sheets of Streamlit's page, from ``static/`` on."""
    return _STYLE.findall(index(folder))


def late_scripts(folder: Path, components: Iterable[str]) -> list[str]:
    """Return the scripts of Streamlit's components, and what they import, without those its page loads first.

    Args:
        components: Names of scripts up to their digest, such as Selectbox.

    Returns:
        Names, each once, in the order of the components.

    Raises:
        NotAsExpectedError: A component has no script, or one imports another that is not there.
    """
    first = set(first_scripts(folder))
    found: dict[str, None] = {}
    patterns = (f"{component}.*.js" for component in components)
    waiting = [file.name for pattern in patterns for file in files_like(folder / "static/js", pattern)]
    while waiting:
        name = waiting.pop(0)
        if name not in found and name not in first:
            found[name] = None
            waiting = _IMPORTED.findall(script(folder, name)[:_IMPORTS_WITHIN]) + waiting
    return list(found)


def script(folder: Path, name: str) -> str:
    """Return the text of a script.

    Raises:
        NotAsExpectedError: It is not there.
    """
    file = folder / "static/js" / name
    if not file.is_file():
        raise NotAsExpectedError(f"{name} is named but not there")
    return file.read_text(encoding="utf-8")


def files_like(folder: Path, pattern: str) -> list[Path]:
    """Return the files below a folder whose names are like a pattern, of which there is at least one.

    Raises:
        NotAsExpectedError: There is none.
    """
    found = sorted(folder.rglob(pattern))
    if not found:
        raise NotAsExpectedError(f"there is no file {pattern}")
    return found
