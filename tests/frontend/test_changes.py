"""Every change of Streamlit applies to the pinned version, its files and the page that it really sends; or is told."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace as replaced
from pathlib import Path

import httpx2
import pytest

from tests.load.served import Served
from tests.ports import free_port
from tests.small_block import SMALL, build_and_publish
from wardstats.charts.figure import TRACES
from wardstats.core.settings import PROJECT, plain_streamlit
from wardstats.frontend.changes import CHANGES, GUARDS, Changes
from wardstats.frontend.compressed_files import EAGER_SCRIPTS, ICONS, ICONS_OF_STREAMLIT
from wardstats.frontend.drawing_program import NAMES
from wardstats.frontend.first_page import CHARTS, EVERY_PAGE
from wardstats.frontend.streamlit_files import (
    STREAMLIT_FILES,
    NotAsExpectedError,
    first_scripts,
    first_styles,
    late_scripts,
)
from wardstats.frontend.uploads import UploadGuard

OF_FILES = [change.name for change in CHANGES if not change.at_start]


def files_of_streamlit(folder: Path) -> Path:
    """Copy what the changes look at of the pinned version's files, to be altered."""
    scripts = {*first_scripts(STREAMLIT_FILES), *late_scripts(STREAMLIT_FILES, [*EVERY_PAGE, CHARTS])}
    wanted = [f"static/js/{name}" for name in scripts] + [f"static/{name}" for name in first_styles(STREAMLIT_FILES)]
    wanted += [file.relative_to(STREAMLIT_FILES).as_posix() for file in STREAMLIT_FILES.rglob(ICONS_OF_STREAMLIT)]
    for name in ["index.html", *wanted]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(STREAMLIT_FILES / name, folder / name)
    return folder


# The real server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    var = tmp_path_factory.mktemp("var")
    build_and_publish(SMALL, var)
    served = Served(var, free_port())
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served.url, trust_env=False, timeout=60) as client:
        yield client


def script(client: httpx2.Client, pattern: str) -> bytes:
    [file] = (STREAMLIT_FILES / "static").rglob(pattern)
    answer = client.get(f"/static/{file.relative_to(STREAMLIT_FILES / 'static').as_posix()}")
    assert answer.status_code == 200
    return answer.content


def is_compressed(client: httpx2.Client) -> None:
    named = re.findall(r'"\.?(/static/(?:js|css)/[^"]+)"', client.get("/").text)
    assert len(named) > 50
    for name in named:
        answer = client.get(name)
        assert answer.status_code == 200, name
        assert ("immutable" in answer.headers["cache-control"]) == (CHARTS not in name)
        assert answer.headers.get("content-encoding") == "gzip" or len(answer.content) < 600


def is_drawing_program_cut(client: httpx2.Client) -> None:
    [file] = STREAMLIT_FILES.rglob(NAMES)
    assert len(script(client, NAMES)) < 0.45 * file.stat().st_size


def is_drawn_once(client: httpx2.Client) -> None:
    assert b"return t>0?i(Je" in script(client, NAMES)


def are_icons_cut(client: httpx2.Client) -> None:
    assert script(client, ICONS_OF_STREAMLIT) == ICONS.read_bytes()


def is_marked(client: httpx2.Client) -> None:
    for pattern in EAGER_SCRIPTS:
        for file in STREAMLIT_FILES.rglob(pattern):
            assert client.get(f"/static/js/{file.name}").content.startswith(b"//# allFunctionsCalledOnLoad\n")


def is_page_completed(client: httpx2.Client) -> None:
    for address in ("/", "/map", "/club"):
        page = client.get(address).text
        assert '<html lang="vi">' in page
        assert "BACKEND_BASE_URL: window.location.origin" in page
        for component in EVERY_PAGE:
            assert f'<link rel="modulepreload" fetchpriority="low" href="/static/js/{component}.' in page
        kind = "prefetch" if address == "/club" else "modulepreload"
        assert re.search(rf'<link rel="{kind}"[^>]* href="/static/js/{CHARTS}\.', page)


EFFECTS: dict[str, Callable[[httpx2.Client], None]] = {
    "files_compressed": is_compressed,
    "drawing_program_cut": is_drawing_program_cut,
    "figures_drawn_once": is_drawn_once,
    "icons_cut": are_icons_cut,
    "scripts_compiled_whole": is_marked,
    "first_page": is_page_completed,
}


def test_the_server_tells_that_every_change_applies(client: httpx2.Client, served: Served) -> None:
    told = client.get("/healthz").json()["frontend"]
    assert told == {"applied": [change.name for change in CHANGES], "not_applied": []}
    assert "do not apply" not in served.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", OF_FILES)
def test_what_the_server_sends_is_changed(client: httpx2.Client, name: str) -> None:
    EFFECTS[name](client)


# Another Streamlit


def empty_index(folder: Path) -> None:
    (folder / "index.html").write_text("<html></html>", encoding="utf-8")


def index_without_digests(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    (folder / "index.html").write_text(re.sub(r"(/index)\.[\w-]+(\.js)", r"\1\2", page), encoding="utf-8")


def index_of_another_build(folder: Path) -> None:
    for file in (folder / "static/css").iterdir():
        file.unlink()


def index_in_another_form(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    (folder / "index.html").write_text(page.replace('<div id="root">', '<div id="app">'), encoding="utf-8")


def rename(pattern: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for file in folder.rglob(pattern):
            file.rename(file.with_name(f"another-{file.name}"))

    return change


def copy(pattern: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for file in list(folder.rglob(pattern)):
            shutil.copy(file, file.with_name(file.name.replace(".", ".copy.", 1)))

    return change


def replace(pattern: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for file in folder.rglob(pattern):
            file.write_bytes(file.read_bytes().replace(old, new))

    return change


THROUGH = {
    "drawing_program_cut",
    "figures_drawn_once",
    "icons_cut",
    "scripts_compiled_whole",
}  # files_compressed sends them


@pytest.mark.parametrize(
    ("change", "lost", "why"),
    [
        (empty_index, {"files_compressed", "first_page"} | THROUGH, "index.html names no script"),
        (index_without_digests, {"files_compressed", "first_page"} | THROUGH, "index.js has no digest"),
        (index_of_another_build, {"files_compressed"} | THROUGH, "which is not in static/static/"),
        (index_in_another_form, {"first_page"}, 'no <div id="root">'),
        (replace("*.js", b"BACKEND_BASE_URL", b"BACKEND"), {"first_page"}, "BACKEND_BASE_URL"),
        (rename("Selectbox.*.js"), {"first_page"}, "no file Selectbox"),
        (replace(NAMES, b"lib/index.js", b"lib/main.js"), {"drawing_program_cut"}, "lib/index.js"),
        (replace(NAMES, b"{F(t=>Le(t", b"{F(t=>Le(e,t"), {"figures_drawn_once"}, "copies a figure's parts"),
        (rename(ICONS_OF_STREAMLIT), {"icons_cut"}, "no file MaterialSymbols"),
        (copy(ICONS_OF_STREAMLIT), {"icons_cut"}, "2 files MaterialSymbols"),
        (rename("UriUtil.*.js"), {"files_compressed"} | THROUGH, "UriUtil"),
        (rename("useMenuTrigger.*.js"), {"first_page"}, "is named but not there"),
    ],
)
def test_a_change_that_does_not_apply_is_told_and_the_others_are_made(
    tmp_path: Path, change: Callable[[Path], None], lost: set[str], why: str
) -> None:
    folder = files_of_streamlit(tmp_path)
    change(folder)
    told = Changes(TRACES, folder=folder).report()
    assert {one["name"] for one in told["not_applied"]} == lost
    assert set(told["applied"]) == {*OF_FILES} - lost
    assert why in told["not_applied"][0]["why"]
    assert all(str(tmp_path) not in one["why"] for one in told["not_applied"])  # /healthz tells it to everybody


def test_what_does_not_apply_is_logged_once_with_what_was_expected_and_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardstats.frontend.changes.CHANGES", [change for change in CHANGES if not change.at_start])
    folder = files_of_streamlit(tmp_path)
    rename(ICONS_OF_STREAMLIT)(folder)
    Changes(TRACES, folder=folder).start()
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "1 of 6 changes" in record.message
    assert "icons_cut: expected one font of icons; found that there is no file MaterialSymbols" in record.message


# None of them


def test_nothing_is_changed_when_streamlit_is_to_be_plain(caplog: pytest.LogCaptureFixture) -> None:
    changes = Changes(TRACES, plain=True)
    changes.start()
    told = changes.report()
    assert told["applied"] == list(GUARDS)
    assert [one["name"] for one in told["not_applied"]] == [change.name for change in CHANGES if not change.is_guard]
    assert {one["why"] for one in told["not_applied"]} == {"WARDSTATS_PLAIN_STREAMLIT is set"}
    assert [each.cls for each in changes.middleware()] == [UploadGuard]
    assert "as it comes" in caplog.text
    assert f"without {len(CHANGES) - len(GUARDS)} changes" in caplog.text


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("name", GUARDS)
def test_a_server_does_not_start_without_a_guard(monkeypatch: pytest.MonkeyPatch, name: str, plain: bool) -> None:
    def fail(_: object) -> None:
        raise NotAsExpectedError("there is no such thing")

    guards = [replaced(change, make=fail) for change in CHANGES if change.name == name]
    monkeypatch.setattr("wardstats.frontend.changes.CHANGES", guards)
    with pytest.raises(NotAsExpectedError, match=f"the guard {name} expected .* no such thing. The server does not"):
        Changes(TRACES, plain=plain).start()


@pytest.mark.parametrize(("value", "is_plain"), [(None, False), ("", False), ("0", False), ("1", True)])
def test_the_setting_asks_for_plain_streamlit(
    monkeypatch: pytest.MonkeyPatch, value: str | None, is_plain: bool
) -> None:
    monkeypatch.delenv("WARDSTATS_PLAIN_STREAMLIT", raising=False)
    if value is not None:
        monkeypatch.setenv("WARDSTATS_PLAIN_STREAMLIT", value)
    assert plain_streamlit() is is_plain


def test_the_architecture_lists_every_change() -> None:
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \| `wardstats/frontend/", text, re.MULTILINE) == [change.name for change in CHANGES]
