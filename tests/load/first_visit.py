"""Measures a first visit on a slow line: ``python -m tests.load.first_visit``. Chromium's own network emulation.

10 Mbit/s and 40 ms by default; nothing in the browser's cache, the server warm.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.load.served import Served, build_boards, publish
from tests.ports import free_port

PAGES = {
    "live": ("/live?lang=vi", "() => document.querySelectorAll('#rows li').length > 0"),
    "live_hindi": ("/live?lang=hi", "() => document.querySelectorAll('#rows li').length > 0"),
    "conference": ("/conference?lang=vi", "() => document.querySelectorAll('#rows li').length > 0"),
    "ranking_readable": ("/?lang=vi", "() => document.querySelector('[data-testid=stMain] h1')"),
    "ranking_drawn": ("/?lang=vi", "() => document.querySelector('.stPlotlyChart .main-svg .barlayer .point')"),
}


def main(
    megabits: Annotated[float, typer.Option(help="Speed of the line.")] = 10.0,
    delay: Annotated[float, typer.Option(help="Milliseconds there and back.")] = 40.0,
    visits: Annotated[int, typer.Option(help="Visits to each page.")] = 5,
) -> None:
    """Print seconds and bytes of first visits."""
    path = find_chromium()
    assert path, "no Chromium; install one with: make browser"
    with tempfile.TemporaryDirectory(prefix="wardstats-visit-") as folder, sync_playwright() as playwright:
        publish(Path(folder), build_boards(Path(folder), 1)[0], "")
        served = Served(Path(folder), free_port())
        served.start()
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            for name in PAGES:
                _visit(browser, served.url, name, megabits, delay)  # warms the server
            found = {
                name: [_visit(browser, served.url, name, megabits, delay) for _ in range(visits)] for name in PAGES
            }
        finally:
            browser.close()
            served.stop()
    for name, seen in found.items():
        seconds = [second for second, _ in seen]
        facts = {"median_s": round(statistics.median(seconds), 2), "worst_s": round(max(seconds), 2)}
        print(name, json.dumps(facts | {"kilobytes": round(seen[-1][1] / 1000)}))


def _visit(browser: Browser, url: str, name: str, megabits: float, delay: float) -> tuple[float, float]:
    """Return seconds until the page shows what it is for, and the bytes that came over the line by then."""
    address, is_there = PAGES[name]
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    speed = megabits * 1e6 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": delay, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    received = [0.0]
    line.on("Network.dataReceived", lambda event: received.__setitem__(0, received[0] + event["encodedDataLength"]))
    started = time.perf_counter()
    page.goto(url + address, wait_until="commit")
    page.wait_for_function(is_there, timeout=60_000, polling="raf")
    seconds = time.perf_counter() - started
    context.close()
    return seconds, received[0]


if __name__ == "__main__":
    typer.run(main)
