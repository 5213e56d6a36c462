"""A server of the demonstration block, a Chromium, and pages that tell what they asked for and what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.serving import Server, environment, running
from tests.small_block import build_by_command
from wardstats.core.settings import PROJECT

ARTEFACTS = PROJECT / "test-artefacts"
LOCALES = {"vi": "vi-VN", "en": "en-GB", "hi": "hi-IN"}
_FAILED = pytest.StashKey[bool]()
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that ``-m "not browser"`` leaves them out."""
    for item in items:
        if item.path.is_relative_to(PROJECT / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)


@contextmanager
def serve(var: Path, *more: str, **settings: str) -> Iterator[Server]:
    """Build a snapshot in var and serve it on a free port; more settings are environment variables."""
    build_by_command(Path(settings.get("WARDSTATS_DATA", PROJECT / "data" / "laocai")), var)
    with running(var / "server.log", environment(var, **settings), *more) as server:
        yield server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration block, data/laocai, served."""
    with serve(tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests. Where there is none, the tests fail: they are never skipped."""
    path = find_chromium()
    if path is None:
        pytest.fail("no Chromium that starts; install one with: make browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Window:
    """A window of a reader whose browser speaks one language; one visit after the other may use it.

    Attributes:
        page: Its page.
        visits: Whom it tells what the page asks for and what goes wrong.
    """

    def __init__(self, browser: Browser, language: str) -> None:
        self.visits: Visits | None = None
        context = browser.new_context(locale=LOCALES[language], timezone_id="Asia/Ho_Chi_Minh")
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: self.visits and self.visits.note(request.url))
        context.on("console", lambda message: self.visits and self.visits.listen(message))
        context.on("weberror", lambda error: self.visits and self.visits.errors.append(f"exception: {error.error}"))
        self.page = context.new_page()
        self.page.on("websocket", lambda socket: self.visits and self.visits.note(socket.url))

    def empty(self) -> None:
        """Leave nothing of a visit but what the browser has loaded and compiled: a new page takes twice the time."""
        context = self.page.context
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        for page in context.pages:
            if page is not self.page:
                page.close()
        self.page.goto("about:blank")
        context.clear_cookies()
        context.clear_permissions()
        self.page.emulate_media(media="null", color_scheme="light", forced_colors="none")
        self.visits = None


@dataclass
class Visits:
    """Opens pages and keeps what they asked for and what went wrong.

    Attributes:
        browser: The Chromium.
        base: The server's address.
        foreign: Requests that would have left this machine.
        errors: Console errors and uncaught exceptions.
        free: Windows of an earlier reader of each language, to be used before a new one is opened.
        windows: Those it uses, each with its language.
    """

    browser: Browser
    base: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    free: dict[str, Window] = field(default_factory=dict)
    windows: list[tuple[str, Window]] = field(default_factory=list)

    @property
    def contexts(self) -> list[BrowserContext]:
        """The contexts of its windows."""
        return [window.page.context for _, window in self.windows]

    def __call__(self, width: int, height: int, language: str, path: str = "/", **query: str) -> Page:
        """Open a page in a window of this size, as a reader whose browser speaks this language, and let it settle."""
        window = self.free.pop(language, None) or Window(self.browser, language)
        self.windows.append((language, window))
        window.visits, page = self, window.page
        page.set_viewport_size({"width": width, "height": height})
        sign = "&" if "?" in path else "?"
        page.goto(f"{self.base}{path}{sign}{urlencode({'lang': language} | query)}")
        settle(page)
        return page

    def assert_clean(self) -> None:
        """Fail if any page asked for something from another machine, or reported an error."""
        foreign, errors = self.foreign[:], self.errors[:]
        self.foreign.clear()  # told once, not again when the fixture ends
        self.errors.clear()
        assert not foreign, f"requests that leave this machine: {foreign}"
        assert not errors, f"errors in the browser: {errors}"

    def listen(self, message: ConsoleMessage) -> None:
        """Keep an error of the console."""
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location['url']})")

    def note(self, url: str) -> None:
        """Keep a request that would leave this machine."""
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.foreign.append(url)


def settle(page: Page) -> None:
    """Wait until the script has finished, its heading is there, fonts are loaded and figures are drawn."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=PATIENCE_MS)
    page.wait_for_selector(
        "[data-testid=stMain] :is(h1, h2, [data-testid=stException], [class*=st-key-unexpected_])", timeout=PATIENCE_MS
    )
    failed = page.locator("[data-testid=stException], [class*=st-key-unexpected_]")
    assert failed.count() == 0, "the page shows an exception"
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached", timeout=PATIENCE_MS)
    page.wait_for_function(
        """() => document.fonts.status === "loaded"
            && !document.querySelector("[data-testid=stSkeleton]")
            && [...document.querySelectorAll("[data-testid=stPlotlyChart]")]
                .every(chart => chart.querySelector(".main-svg"))""",
        timeout=PATIENCE_MS,
    )


# Resolves when what is seen has kept its place for so many looks, a frame and 50 ms apart: both take longer where the
# machine is busy, as does the drawing of the page itself.
_STILL = """(looks) => new Promise((resolve) => {
  const SEEN = "p, h1, h2, h3, li, td, th, button, label, canvas, svg, svg text, [data-testid]";
  const places = () => [...document.querySelectorAll(SEEN)].map((element) => {
    const box = element.getBoundingClientRect();
    return [box.left, box.top, box.width, box.height].map(Math.round).join();
  }).join(";");
  let before = "", same = 0;
  const look = () => {
    const now = places();
    same = now === before ? same + 1 : 0;
    before = now;
    if (same >= looks) resolve(true);
    else setTimeout(() => requestAnimationFrame(look), 50);
  };
  requestAnimationFrame(look);
})"""


def wait_until_still(page: Page, looks: int = 5) -> None:
    """Wait until nothing on the page has moved for some time."""
    page.wait_for_function(f"() => {{ return ({_STILL})({looks}); }}", timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def free_windows() -> dict[str, Window]:
    """Windows that the next test may use, one for each language."""
    return {}


@pytest.fixture
def page_at(
    browser: Browser, server: Server, free_windows: dict[str, Window], request: pytest.FixtureRequest
) -> Iterator[Visits]:
    """``page_at(width, height, language)`` opens a page; whatever it did wrong fails the test at the latest here."""
    visits = Visits(browser, server.url, free=free_windows)
    yield visits
    has_failed = request.node.stash.get(_FAILED, False) or visits.foreign or visits.errors
    if has_failed:
        _keep_picture(visits, request.node.name)
    for language, window in visits.windows:
        if has_failed or language in free_windows:
            window.page.context.close()
        else:
            window.empty()
            free_windows[language] = window
    visits.assert_clean()


def _keep_picture(visits: Visits, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    for page in visits.contexts[-1].pages if visits.contexts else []:
        page.screenshot(path=ARTEFACTS / f"failed-{re.sub(r'[^0-9A-Za-z]+', '-', name).strip('-')}.png")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add the end of the server's log to the report of a failed test."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(server, Server):
        report.sections.append(("server log", server.log[-4000:]))
    return report
