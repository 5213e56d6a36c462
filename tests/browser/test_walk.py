"""Every page in every language on each kind of screen: nothing covered, clipped, too wide or English.

One visit does it all: the window is changed from device to device. On the laptop, in Vietnamese, it also looks for
what a keyboard or a screen reader needs, in the light and in the dark appearance and in forced colours. With
WARDSTATS_PICTURES=1 a picture of each page, size and language is kept in test-artefacts/; a page with a fault always
leaves one. One context a language, so that scripts and fonts load once. What somebody sees who first comes with a phone
is in test_smoke.py.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import grave_findings, out_of_reach, silent_charts
from tests.browser.conftest import ARTEFACTS, PROJECT, Server, Visits, settle, wait_until_still
from tests.browser.looking import measure, overlaps, untranslated

LANGUAGES = ("vi", "en", "hi")
KEEPS_PICTURES = bool(os.environ.get("WARDSTATS_PICTURES"))
PROJECTOR, UPRIGHT, LAPTOP, PHONE, NARROW = (1920, 1080), (1080, 1920), (1366, 768), (390, 844), (320, 640)
# The rarer screens are looked at in one language; in all of them where pictures are asked for.
ON_ALL_SCREENS = LANGUAGES if KEEPS_PICTURES else ("hi",)
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
# What of accessibility the appearance can change: contrast, and links that are told from text by their colour.
CHANGED_IN_THE_DARK = ("color-contrast", "link-in-text-block")
# The page's own background is darker than its text: a wait for the appearance to be there.
_IS_DARK = """() => {
  const shown = getComputedStyle(document.querySelector("[data-testid=stApp]") ?? document.body);
  const light = (color) => color.match(/[0-9.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
  return light(shown.backgroundColor) < light(shown.color);
}"""
# Pieces of ours that have their colour from the data, and would be as the background where colours are forced.
_LOSES_ITS_COLOUR = """() => [...document.querySelectorAll(".stHtml [style*=background]")]
  .filter((one) => one.getClientRects().length && getComputedStyle(one).forcedColorAdjust !== "none")
  .map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`)"""
_TALLEST = 12_000


def unit_names(language: str) -> list[str]:
    """The members' names as the pages show them."""
    with (PROJECT / "data" / "laocai" / "units.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["is_member"] == "true"]
    return [row[f"name_{language}"] or row["name_vi"] for row in rows]


class Walker:
    """One visitor, who reads one language and goes from page to page in one window."""

    def __init__(self, visits: Visits, language: str) -> None:
        self.visits, self.language = visits, language
        self.page: Page | None = None

    def open(self, path: str) -> Page:
        """Go to a page, in the window's first size."""
        if self.page is None:
            self.page = self.visits(*PROJECTOR, self.language, path)
        else:
            self.page.set_viewport_size({"width": PROJECTOR[0], "height": PROJECTOR[1]})
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
def walker(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Walker]:
    """A visitor for one language after the other."""
    visits = Visits(browser, server.url)
    yield Walker(visits, request.param)
    for context in visits.contexts:
        context.close()


def look(walker: Walker, name: str) -> list[str]:
    """Return what is wrong with the page as it stands, and keep a picture of one with a fault, or of all."""
    page, language = walker.page, walker.language
    assert page is not None
    assert page.viewport_size is not None
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    found = measure(page, unit_names(language))
    where = f"{name} at {width}: "
    wrong = [f"texts cover each other: {pair}" for pair in overlaps(found["texts"])]
    wrong += [f"clipped: {text[:80]!r}" for text in sorted(set(found["clipped"]))]
    wrong += [f"a name is broken across lines: {text[:80]!r}" for text in sorted(set(found["broken"]))]
    wrong += [f"no font of ours: {text[:80]!r}" for text in sorted(set(found["boxes"]))]
    wrong += [f"an icon drawn as a word: {name}" for name in sorted(set(found["words"]))]
    wrong += [f"not translated: {text[:80]!r}" for text in untranslated(found, language)]
    if found["wider"] > 0:
        wrong.append(f"{found['wider']} px wider than the window")
    if wrong or KEEPS_PICTURES:
        ARTEFACTS.mkdir(exist_ok=True)
        walker.resize(width, min(max(found["height"], height), _TALLEST), looks=2)
        page.screenshot(path=ARTEFACTS / f"walk-{name}-{width}-{language}.png")
    return [where + fault for fault in wrong]


def faults_in_the_dark(page: Page) -> list[str]:
    """Return what the dark appearance makes hard to see, and go back to the light one."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(_IS_DARK)
    wait_until_still(page, 2)
    found = [f"in the dark: {fault}" for fault in grave_findings(page, *CHANGED_IN_THE_DARK)]
    page.emulate_media(color_scheme="light")
    return found


def faults_in_forced_colours(page: Page) -> list[str]:
    """Return what loses the colour that tells something where the system's colours replace those of pages."""
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    found = [f"in forced colours: {fault}" for fault in page.evaluate(_LOSES_ITS_COLOUR)]
    page.emulate_media(forced_colors="none")
    return found


def use(page: Page, name: str) -> list[str]:
    """Return what is wrong with the page for those who use a keyboard or a screen reader, or other colours."""
    faults = [*grave_findings(page), *silent_charts(page), *out_of_reach(page)]
    faults += [*faults_in_the_dark(page), *faults_in_forced_colours(page)]
    return [f"{name}: {fault}" for fault in faults]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_right_everywhere(walker: Walker, server: Server, name: str) -> None:
    wrong = []
    page = walker.open(PAGES[name])
    rarer = walker.language in ON_ALL_SCREENS
    for size in (PROJECTOR, *([UPRIGHT] if rarer else []), LAPTOP, PHONE, *([NARROW] if rarer else [])):
        walker.resize(*size)
        wrong += look(walker, name)
        if name in CHARTED and page.locator("[data-testid=stPlotlyChart] .main-svg").count() == 0:
            wrong.append(f"{name}: no chart at {size[0]}")
        if size == LAPTOP and walker.language == "vi":
            wrong += use(page, name)
    if name in SAMPLED:
        expect(page.locator("[data-testid=stMain] .ws-banner").nth(1)).to_contain_text(SAMPLE[walker.language])
    assert not wrong, "\n".join(wrong)
    walker.visits.assert_clean()
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
