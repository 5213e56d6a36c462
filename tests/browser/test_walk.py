"""Every page in every language on a projector, a laptop and a phone: nothing covered, clipped, too wide or English.

On the laptop, in Vietnamese, the same visit looks for what a keyboard or a screen reader needs. A picture of each page
is kept in test-artefacts/. One context a language and device, so that scripts and fonts load once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import grave_findings, out_of_reach, silent_charts
from tests.browser.conftest import ARTEFACTS, PROJECT, Server, Visits, settle, wait_until_still
from tests.browser.looking import measure, overlaps, untranslated

LANGUAGES = ("vi", "en", "hi")
PROJECTOR, LAPTOP, PHONE = (1920, 1080), (1366, 768), (390, 844)
# What a page shows after a choice that changes it wholly.
CHOICES = {
    "explore-trend": "/explore?tab=trend",
    "explore-distribution": "/explore?tab=distribution",
    "explore-scatter": "/explore?tab=scatter",
    "explore-heatmap": "/explore?tab=heatmap",
    "explore-sql": "/explore?tab=sql",
    "compare-one": "/compare?units=03006&against=best",
    "ward-theme": "/ward?unit=04681&theme=social_security",
}
PAGES = {path.stem: f"/{path.stem}" for path in sorted((PROJECT / "pages").glob("*.py"))} | {"ranking": "/"} | CHOICES
CHARTED = {"ranking", "map"}
SAMPLED = {"contract", "block", "models", "club"}  # pages that say of their lines that they are samples
SAMPLE = {"vi": "MẪU.", "en": "SAMPLE.", "hi": "नमूना।"}
_TALLEST = 12_000


def unit_names(language: str) -> list[str]:
    """The members' names as the pages show them."""
    with (PROJECT / "data" / "laocai" / "units.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["is_member"] == "true"]
    return [row[f"name_{language}"] or row["name_vi"] for row in rows]


class Walker:
    """One visitor: a language and a device, going from page to page in one window."""

    def __init__(self, visits: Visits, size: tuple[int, int], language: str) -> None:
        self.visits, self.size, self.language = visits, size, language
        self.page: Page | None = None

    def open(self, path: str) -> Page:
        """Go to a page, in the window's first size."""
        if self.page is None:
            self.page = self.visits(*self.size, self.language, path)
        else:
            self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
            sign = "&" if "?" in path else "?"
            self.page.goto(f"{self.visits.base}{path}{sign}lang={self.language}")
            settle(self.page)
        wait_until_still(self.page)
        return self.page

    def resize(self, width: int, height: int, looks: int = 5) -> None:
        """Change the window and let figures redraw."""
        assert self.page is not None
        if self.page.viewport_size != {"width": width, "height": height}:
            self.page.set_viewport_size({"width": width, "height": height})
            wait_until_still(self.page, looks)


@pytest.fixture(scope="module", params=LANGUAGES)
def walkers(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[dict[str, Walker]]:
    """A visitor at a workspace and one with a phone, for one language after the other."""
    visits = Visits(browser, server.url)
    yield {"desk": Walker(visits, PROJECTOR, request.param), "phone": Walker(visits, PHONE, request.param)}
    for context in visits.contexts:
        context.close()


def look(walker: Walker, name: str) -> list[str]:
    """Return what is wrong with the page as it stands, and keep a picture of all of it."""
    page, language = walker.page, walker.language
    assert page is not None
    assert page.viewport_size is not None
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    found = measure(page, unit_names(language))
    ARTEFACTS.mkdir(exist_ok=True)
    walker.resize(width, min(max(found["height"], height), _TALLEST), looks=2)
    page.screenshot(path=ARTEFACTS / f"walk-{name}-{width}-{language}.png")
    where = f"{name} at {width}: "
    wrong = [f"texts cover each other: {pair}" for pair in overlaps(found["texts"])]
    wrong += [f"clipped: {text[:80]!r}" for text in sorted(set(found["clipped"]))]
    wrong += [f"a name is broken across lines: {text[:80]!r}" for text in sorted(set(found["broken"]))]
    wrong += [f"no font of ours: {text[:80]!r}" for text in sorted(set(found["boxes"]))]
    wrong += [f"an icon drawn as a word: {name}" for name in sorted(set(found["words"]))]
    wrong += [f"not translated: {text[:80]!r}" for text in untranslated(found, language)]
    if found["wider"] > 0:
        wrong.append(f"{found['wider']} px wider than the window")
    return [where + fault for fault in wrong]


def use(walker: Walker, name: str) -> list[str]:
    """Return what is wrong with the page on a laptop for those who use a keyboard or a screen reader."""
    assert walker.page is not None
    walker.resize(*LAPTOP)
    faults = [*grave_findings(walker.page), *silent_charts(walker.page), *out_of_reach(walker.page)]
    return [f"{name}: {fault}" for fault in faults]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_right_everywhere(walkers: dict[str, Walker], server: Server, name: str) -> None:
    wrong = []
    for device, sizes in {"desk": (PROJECTOR, LAPTOP), "phone": (PHONE,)}.items():
        walker = walkers[device]
        page = walker.open(PAGES[name])
        for size in sizes:
            walker.resize(*size)
            wrong += look(walker, name)
        if name in CHARTED and page.locator("[data-testid=stPlotlyChart] .main-svg").count() == 0:
            wrong.append(f"{name}: no chart on the {device}")
        if name in SAMPLED:
            expect(page.locator("[data-testid=stMain] .ws-banner").nth(1)).to_contain_text(SAMPLE[walker.language])
        if device == "desk" and walker.language == "vi":
            wrong += use(walker, name)
    assert not wrong, "\n".join(wrong)
    walkers["desk"].visits.assert_clean()
    assert "Traceback" not in server.log


def test_a_careful_eye_finds_planted_faults(browser: Browser) -> None:
    """The measuring above is worth something: each fault below is found, and what is right is not."""
    page = browser.new_page(viewport={"width": 500, "height": 400})
    page.set_content("""
        <style>@font-face { font-family: "Ours"; src: local("x"); unicode-range: U+0900-097F }</style>
        <main data-testid="stApp"><section data-testid="stMain" style="font: 16px sans-serif">
        <p style="position:absolute; top:0; left:0">one text</p>
        <p style="position:absolute; top:6px; left:4px">above it</p>
        <p style="margin-top:80px; width:40px; overflow:hidden; white-space:nowrap">Nghĩa Lộ is cut</p>
        <p style="width:60px">ward of Nghĩa Lộ</p>
        <p style="width:30px; overflow-wrap:anywhere">Trung\u00a0Tâm</p>
        <p>indicator_code</p><p>a {gap}</p><p>Download as CSV</p>
        <div style="width:60px; overflow-x:auto"><p style="white-space:nowrap">this scrolls and is right</p></div>
        <svg width="200" height="40"><text x="0" y="20">first</text><text x="9" y="22">second</text></svg>
        <p style="width:700px">wide</p><p>गाँव</p><p style="font-family: Ours, serif">शहर</p>
        <i data-testid="stIconMaterial">leaderboard</i><i data-testid="stIconMaterial">i</i></section></main>""")
    found = measure(page, ["Nghĩa Lộ", "Trung Tâm"])
    assert overlaps(found["texts"]) == ["'first' and 'second'", "'one text' and 'above it'"]
    assert found["clipped"] == ["Nghĩa Lộ is cut"]
    assert found["broken"] == ["ward of Nghĩa Lộ", "Trung Tâm"]
    assert {"indicator_code", "a {gap}", "Download as CSV"} <= set(untranslated(found, "vi"))
    assert set(untranslated(found, "en")) == {"indicator_code", "a {gap}"}
    assert found["boxes"] == ["गाँव"]
    assert found["words"] == ["leaderboard"]
    assert found["wider"] > 100
    page.close()
