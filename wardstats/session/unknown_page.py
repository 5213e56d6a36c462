"""The page for an address that no page has: it says so in the reader's language, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from wardstats.view.view import View

_NAME = re.compile(r"[\w-]{1,60}")


def unknown_page(view: View, pages: Sequence[Any]) -> list[Any]:
    """Return a page for the address that was asked for, where none of the pages has it; else none.

    Without it Streamlit opens the first page and says so in English.
    """
    asked = urlsplit(st.context.url or "").path.strip("/").rpartition("/")[2]
    if asked in {page.url_path for page in pages} or not _NAME.fullmatch(asked):
        return []
    title = view.speak("There is no such page")
    return [st.Page(partial(_say_so, view, asked, tuple(pages)), title=title, url_path=asked, visibility="hidden")]


def _say_so(view: View, asked: str, pages: Sequence[Any]) -> None:
    speak = view.speak
    st.title(speak("There is no page “{page}”", page=asked), anchor=False)
    by_path = {page.url_path: page for page in pages if page.url_path}
    for path in get_close_matches(asked.lower(), by_path, 1, 0.5):
        st.write(speak("Was this one meant?"))
        st.page_link(by_path[path])
    st.write(speak("All pages are listed at the side. The first one:"))
    st.page_link(pages[0])
