"""Speaks the language given on the command line: prints what pages, API, queries and files say in it, as JSON.

    python -m tests.made_up_language LANGUAGE DATA VAR

A process of its own, because which languages there are is read once, when the program starts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests.small_block import build_and_publish
from wardstats.core.languages import LANGUAGE_NAMES, translator
from wardstats.core.settings import PROJECT, settings
from wardstats.live.application import Live


def main(language: str, data: Path, var: Path) -> None:
    """Print it."""
    snapshot = build_and_publish(data, var)
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception, app.exception
    client = TestClient(Starlette(routes=Live(settings(data, var)).routes()))
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    offered = next(p for p in paths["/api/v1/wards"]["get"]["parameters"] if p["name"] == "lang")
    told = {
        "number": translator(language).number(1234.5),
        "names": LANGUAGE_NAMES,
        "units": snapshot.query("unit", language=language).set_index("unit_code")["unit_name"].to_dict(),
        "page": [found.proto.body for found in [*app.get("html"), *app.get("markdown")]],
        "offered_by_the_page": app.segmented_control(key="lang").options,
        "offered_by_the_api": offered["schema"]["enum"],
        "wards": [row["unit_name"] for row in client.get(f"/api/v1/wards?lang={language}").json()["rows"]],
        "phones": client.get(f"/live?lang={language}").text,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
