"""What pages beside Streamlit have in common: JSON for their scripts, and pages of one sentence in any language."""

from __future__ import annotations

import json

import pytest
from starlette.requests import Request

from wardstats.core.errors import NothingPublishedError, SnapshotError
from wardstats.live.plain_pages import no_board, page, plain_page, script_json, sorry
from wardstats.live.reader import UnknownChoiceError
from wardstats.live.workers import BusyError


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_json_in_a_page_ends_no_script() -> None:
    evil = "</script><img src=x onerror=alert(1)>\u2028&"
    written = script_json({"text": evil})
    assert not set(written) & set("<>&\u2028")
    assert json.loads(written) == {"text": evil}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NothingPublishedError("nothing"), "Nothing has been published yet"),
        (UnknownChoiceError("no period"), "No period can be ranked yet"),
        (BusyError("too many"), "Too many ask at this moment"),
        (SnapshotError("damaged"), "The board cannot be shown at the moment"),
    ],
)
def test_where_there_is_no_board_the_page_says_why_and_looks_again(error: SnapshotError, told: str) -> None:
    request = Request({"type": "http", "query_string": b"lang=en", "headers": []})
    answer = no_board(request, error)
    body = bytes(answer.body).decode()
    assert answer.status_code == 503
    assert told in body
    assert '<meta http-equiv="refresh" content="5">' in body
    assert answer.headers["retry-after"] == "5"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_page_of_one_sentence_leads_to_the_board() -> None:
    answer = plain_page(404, "vi", "<b>")
    assert b"&lt;b&gt;" in answer.body
    assert b'href="/live?lang=vi"' in answer.body
    assert sorry("vi") != sorry("en")
    assert page("<p>", "hi").headers["content-language"] == "hi"
