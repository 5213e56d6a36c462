"""What a visit costs the server's processors, as `make run` starts it, and with Streamlit's file watcher on.

Three servers in one run, each visited in turn by the same Chromium, so that the figures can be divided by one another;
as seconds they say little on a busy machine. Run it with the virtual environment inside the project's folder, where
`make` puts it: that is what the watcher walks.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.bare_page import serve_bare_page
from tests.bench.measured import load
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.conftest import Server, serve, settle
from wardstats.core.settings import PROJECT

VISITS = 12
WATCHING = ("--server.fileWatcherType", "auto")
_QUIET_S = 1.0  # what a visit started on the server may go on after the page stands


def _visit_cpu_s(page: Page, server: Server) -> float:
    """CPU seconds of one reload, until the page stands and the server has come to rest."""
    before = server.cpu_s()
    page.reload()
    settle(page)
    time.sleep(_QUIET_S)
    return server.cpu_s() - before


def test_visit_as_make_run_serves_it(tmp_path: Path) -> None:
    path = find_chromium()
    assert path, "no Chromium that starts; install one with: make browser"
    for name in ("ours", "watched", "bare"):
        (tmp_path / name).mkdir()
    with (
        serve(tmp_path / "ours") as ours,
        serve(tmp_path / "watched", *WATCHING) as watched,
        serve_bare_page(tmp_path / "bare") as bare,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        servers = {"as make run starts it": ours, "with the file watcher": watched, "a page of one bar": bare}
        pages = {}
        for name, server in servers.items():
            pages[name] = chromium.new_page()
            pages[name].goto(server.url)
            settle(pages[name])
            _visit_cpu_s(pages[name], server)  # the first visitors fill caches
        spent = dict.fromkeys(servers, 0.0)
        for _ in range(VISITS):
            for name, server in servers.items():
                spent[name] += _visit_cpu_s(pages[name], server)
        chromium.close()
    own = spent["as make run starts it"]
    place = "in" if Path(sys.prefix).is_relative_to(PROJECT) else "outside"
    print(f"\nCPU of the server for a visit, mean of {VISITS}, virtual environment {place} the project, {load()}:")
    for name, seconds in spent.items():
        print(f"  {name}: {1000 * seconds / VISITS:.0f} ms, {seconds / own:.2f} times")
    assert own < spent["with the file watcher"], "the watcher is on as make run starts it"
