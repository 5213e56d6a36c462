"""What browsers are told of scripts: ours run on every kind of page, and a foreign one does not."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PATIENCE_MS, Server, Visits

_FOREIGN = """() => {
    const script = document.createElement("script");
    script.textContent = "window.foreign = true";
    document.body.append(script);
    const image = document.createElement("div");
    image.innerHTML = '<img src="nothing:" onerror="window.foreign = true">';
    document.body.append(image);
    return new Promise((resolve) => setTimeout(() => resolve(window.foreign === true), 300));
}"""


@pytest.mark.parametrize("path", ["/", "/map", "/explore"])
def test_pages_work_under_the_policy(page_at: Visits, path: str) -> None:
    page_at(1366, 768, "vi", path)
    page_at.assert_clean()  # what is blocked is an error of the console


@pytest.mark.hostile("XSS in name, note, by, cells")
@pytest.mark.parametrize("path", ["/", "/live", "/conference"])
def test_a_foreign_script_does_not_run(browser, server: Server, path: str) -> None:
    page = browser.new_page()
    answer = page.goto(f"{server.url}{path}?lang=vi", timeout=PATIENCE_MS)
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
    assert page.evaluate(_FOREIGN) is False
    page.close()
