"""Whatever a text holds, a piece of HTML shows it as it is: no element, attribute or address comes from data."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pandas as pd
import pytest

from wardstats.charts.html import components
from wardstats.charts.html.club_components import (
    STATE_SIGNS,
    documents,
    pledge_cell,
    pledge_head,
    stage_cell,
    tag,
    titles,
)
from wardstats.charts.html.pieces import Card, Part, Title
from wardstats.charts.html.unit_components import late_list, lift_steps
from wardstats.core.languages import translator

ENGLISH = translator("en")
STATE = next(iter(STATE_SIGNS))
EVIL = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>", '"><svg onload=alert(1)>', "'><iframe srcdoc='<script>alert(1)</script>'>",
    '" onmouseover="alert(1)', "' onfocus='alert(1)", "</p></h1></td></li><a href=javascript:alert(1)>x</a>", "<!--",
    "-->", "<![CDATA[", "</style><script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;", "<scr<script>ipt>", "<a href='data:text/html,x'>x</a>", "\x00<b>", "javascript:alert(1)",
    " JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "//evil.test", "{{7*7}}",
    "red;background:url(//evil.test)", 'red"><script>', "\u202e<b>", "<b\u0009onclick=alert(1)>", "=HYPERLINK(1)",
    "$x$ :red[y]",
]  # fmt: skip
Piece = Callable[[str], str]
PIECES: dict[str, Piece] = {
    "page_head": lambda text: components.page_head([text, text], text),
    "banner": lambda text: components.banner(text, text),
    "text_table": lambda text: components.text_table(pd.DataFrame({text: [text, None]})),
    "code": components.code,
    "cards": lambda text: components.cards([Card(text, text, text, text, 1, text, "#123456", "/ward")]),
    "cards that lead on": lambda text: components.cards([Card(text, text, text, href="/ward")]),
    "legend": lambda text: components.legend([("#123456", text, "?theme=x")], text),
    "sign_legend": lambda text: components.sign_legend([(text, "#123456", text)]),
    "paragraph": components.paragraph,
    "reasons": lambda text: components.reasons(text, [Part(text, 1.0, text, "", text)]),
    "small_mark": components.small_mark,
    "linked": lambda text: components.linked(text, "/ward?unit=w01"),
    "web_link": lambda text: components.web_link("title", text),
    "source_line": lambda text: components.source_line(
        pd.DataFrame({"title": [text], "producer": [text + "x"], "url": [text], "published": [None],
                      "accessed": [None]}), ENGLISH, "vi",
    ),
    "foreign": lambda text: components.foreign(text, "vi", ENGLISH),
    "tag": lambda text: tag(text),
    "stage_cell": lambda text: stage_cell(1, "•", text, text, text),
    "pledge_cell": lambda text: pledge_cell(STATE, text, text, text, [text]),
    "pledge_head": lambda text: pledge_head(text, "/indicator", "", STATE, text),
    "titles": lambda text: titles([Title(text, text, [text], [text], True, text)], ENGLISH),
    "documents": lambda text: documents(
        [dict.fromkeys(("title", "link", "issuer", "number", "day", "kind"), text) | {"is_sample": True}], ENGLISH
    ),
    "lift_steps": lambda text: lift_steps([(text, text, text, "/ward")]),
    "late_list": lambda text: late_list([(text, text, True, "/ward")]),
}  # fmt: skip


class Looked(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.hostile("XSS in name, note, by, cells")
@pytest.mark.parametrize("text", EVIL, ids=lambda text: text.encode("unicode_escape").decode())
@pytest.mark.parametrize("name", PIECES)
def test_a_text_stays_a_text(name: str, text: str) -> None:
    expected, found = Looked(PIECES[name]("plain")), Looked(PIECES[name](text))
    if not any(kind == "href" and text in value for kind, value in found.attributes):
        extra = set(found.elements) - set(expected.elements)
        assert not extra, extra
    assert {kind for kind, _ in found.attributes} <= {kind for kind, _ in expected.attributes} | {
        "href",
        "target",
        "rel",
    }
    for kind, value in found.attributes:
        if kind == "href":
            assert value.startswith(("/", "?", "#", "http://", "https://")), value
        assert kind != "style" or "url(" not in value
