"""Every parameter of every address that the API's description names, with values that are none: told, never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from tests.asgi import Answer, ask
from tests.asynchronous import run
from tests.small_block import SMALL, build_and_publish
from wardstats.core.settings import PROJECT, settings
from wardstats.live.application import Live
from wardstats.live.openapi import document

VALUES = [
    "", " ", "x", "0", "-1", "1e999", "null", "true", "2026-04", "2026-13", "9999-99", "total", "w01", "json", "csv",
    "year", "../../etc/passwd", "..%2f..%2fetc", "/", "\\", ".", "*", "%", "%s%s%n", "'", "' or '1'='1",
    '"; drop view unit; --', "$1", "{{7*7}}", "${7*7}", "<script>alert(1)</script>", "=1+1", "\x00",
    "\r\nSet-Cookie: x=1", "\u202e", "\ud7ff", "😀", "Đ" * 2000, "ẩ", "a\u0309", "w01,w02", "[w01]", '{"a":1}',
    "a" * 5000,
]  # fmt: skip
PATHS = sorted(path for path in document()["paths"] if not path.endswith("/events"))  # that one never ends
# Tried elsewhere: which languages there are.
ELSEWHERE = {"lang"}


def parameters(path: str) -> list[str]:
    """Return the names that an address takes, and two that none takes."""
    found = document()["paths"][path]["get"].get("parameters", [])
    names = [_resolved(parameter)["name"] for parameter in found]
    return [*(name for name in names if name not in ELSEWHERE), "unknown", "period[]"]


def _resolved(parameter: dict[str, Any]) -> dict[str, Any]:
    reference = parameter.get("$ref", "")
    return document()["components"]["parameters"][reference.rpartition("/")[2]] if reference else parameter


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    var = tmp_path_factory.mktemp("var")
    build_and_publish(SMALL, var)
    return Starlette(routes=Live(settings(SMALL, var)).routes())


def check(answer: Answer, target: str) -> None:
    """A good answer, or a problem in words that names no place on this machine."""
    assert answer.status in (200, 304, 400, 404), (target, answer.status)
    assert "set-cookie" not in answer.headers
    text = answer.content.decode()
    assert str(PROJECT) not in text and "Traceback" not in text
    if answer.status >= 400:
        told = json.loads(text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["status"] == answer.status and told["title"] and told["detail"], target


@pytest.mark.hostile("schemathesis cases")
@pytest.mark.parametrize("path", PATHS)
def test_every_parameter_with_values_that_are_none(
    app: ASGIApp, path: str, record_property: Callable[[str, object], None]
) -> None:
    names = parameters(path)
    targets = [f"{path}?{urlencode({name: value}, errors='replace')}" for name in names for value in VALUES]
    targets += [f"{path}?{name}=w01&{name}=w02" for name in names]
    targets += [f"{path}?{name}&&=&{name}=%zz%e9" for name in names]
    record_property("tried", len(targets))

    async def look() -> None:
        for target in targets:
            check(await ask(app, target), target)

    run(look())


@pytest.mark.hostile("schemathesis cases")
@pytest.mark.parametrize("text", VALUES, ids=lambda text: text[:20].encode("unicode_escape").decode())
def test_addresses_that_do_not_exist(app: ASGIApp, text: str) -> None:
    async def look() -> None:
        for target in (f"/api/v1/{quote(text)}", f"/api/{quote(text)}", f"/api/v1/ranking/{quote(text)}"):
            answer = await ask(app, target)
            if "\n" in text:  # no address of ours has a line end in it: the server's own 404
                assert answer.status == 404
            else:
                check(answer, target)

    run(look())
