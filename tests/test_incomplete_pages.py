"""Every page runs on every board that is not complete, and every file that it offers can be made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.exits import PAGES, collect_files, text_of
from tests.incomplete_boards import SHAPES
from wardstats.core.languages import translator
from wardstats.core.settings import PROJECT, Settings

NOT_FOR_PEOPLE = re.compile(r"\b(nan|NaN|<NA>|&lt;NA&gt;|None|NaT|inf)\b")
LANGUAGE = dict(zip(SHAPES, ["vi", "en", "hi"] * len(SHAPES), strict=False))


def shown(app: AppTest) -> str:
    """Return all that a page says, its charts and tables included."""
    texts = [element.proto.body for element in app.get("html")]
    texts += [
        element.value for kind in (app.markdown, app.caption, app.info, app.title, app.warning) for element in kind
    ]
    for chart in app.get("plotly_chart"):
        spec = json.loads(chart.proto.spec, parse_constant=lambda name: pytest.fail(f"{name} in a chart"))
        texts.append(json.dumps(spec, ensure_ascii=False))
    return "\n".join(texts).replace("\u00a0", " ")


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("name", SHAPES)
def test_every_page_and_file(monkeypatch: pytest.MonkeyPatch, incomplete: Callable[[str], Settings], name: str) -> None:
    files = collect_files(monkeypatch)
    places, shape, speak = incomplete(name), SHAPES[name], translator(LANGUAGE[name])
    monkeypatch.setenv("WARDSTATS_VAR", str(places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(places.data))
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    app.query_params["lang"] = speak.language
    app.query_params["theme"] = shape.theme
    if shape.period:
        app.query_params["period"] = shape.period
    app.run()
    faults = []
    for page in PAGES if shape.wards else ():
        files.clear()
        app.switch_page(f"pages/{page}").run()
        faults += [f"{page}: {error.message}\n{''.join(error.stack_trace[-6:])}" for error in app.exception]
        texts = {page: shown(app)} | {f"{page}: {file}": text_of(file, content) for file, content in files.items()}
        for place, text in texts.items():
            faults += [f"{place}: {text[max(0, m.start() - 60) : m.end() + 40]}" for m in NOT_FOR_PEOPLE.finditer(text)]
    assert not faults, "\n\n".join(faults)
