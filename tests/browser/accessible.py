"""What a page lacks for those who use a keyboard or a screen reader, each fault as a text.

axe-core comes with the package axe-playwright-python, so nothing is fetched. No finding is excused: there is no list of
exceptions to keep.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_GRAVE = {"serious", "critical"}
_MOST_TABS = 250
_TABS_A_LOOK = 10  # how often Tab is pressed before the page is asked
_LEAST_ALT = 25  # letters: a message, not a title

# What can be operated and is visible. One radio of a group is reached by Tab, the others by the arrow keys.
_CONTROLS = """() => [...document.querySelectorAll(
    "a[href], button, input, textarea, summary, [tabindex='0']")].filter((element) =>
      element.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !element.disabled
      && element.tabIndex >= 0 && !element.closest("[inert], [aria-hidden=true]")
      && element.getBoundingClientRect().width > 0 && element.getBoundingClientRect().right > 0)
"""
_MARK = f"""() => {{
  const controls = ({_CONTROLS})();
  controls.forEach((element, number) => element.dataset.reach = number);
  return controls.map((element) => (element.getAttribute("aria-label") || element.innerText || element.outerHTML)
    .trim().slice(0, 60) + (element.getAttribute("role") === "radio" || element.type === "radio" ? "|radio" : ""));
}}"""
# Notes in the page, after each key, where the focus stands; at its end once it has come back to the page as a whole.
_FOLLOW = """() => {
  const follow = window.follow = {reached: new Set(), isOver: false};
  document.addEventListener("keyup", () => {
    const on = document.activeElement, number = on?.dataset.reach;
    if (number) follow.reached.add(number);
    else if (on === document.body && follow.reached.size) follow.isOver = true;
  }, true);
}"""
_ALTS = """() => [...document.querySelectorAll("[data-testid=stPlotlyChart], figure")].map(chart => {
    const told = chart.matches("[aria-label]") ? chart : chart.querySelector("[role=img][aria-label], [alt]");
    return told ? told.getAttribute("aria-label") || told.getAttribute("alt") || "" : "";
})"""


def grave_findings(page: Page, *rules: str) -> list[str]:
    """Return what axe-core calls serious or critical, each with the element; of some rules only, if they are named."""
    chosen = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    answer: dict[str, Any] = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"]} | chosen)
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in answer["violations"]
        if rule["impact"] in _GRAVE
        for node in rule["nodes"]
    ]


def silent_charts(page: Page) -> list[str]:
    """Return the charts of a Vietnamese page that do not say their message, or have no table beside them."""
    alts = page.evaluate(_ALTS)
    silent = [f"a chart says no more than {alt!r}" for alt in alts if len(alt) < _LEAST_ALT]
    tables = page.locator("[data-testid=stDataFrame], .ws-heat table")
    expanders = page.locator("[data-testid=stExpander] summary", has_text="dạng bảng")
    if alts and tables.count() + expanders.count() == 0:
        silent.append("charts, and no table")
    return silent


def out_of_reach(page: Page) -> list[str]:
    """Press Tab from the page's first element to its last; return the controls that it has not reached."""
    controls = page.evaluate(_MARK)
    page.evaluate(_FOLLOW)
    for count in range(1, _MOST_TABS + 1):
        page.keyboard.press("Tab")
        if count % _TABS_A_LOOK == 0 and page.evaluate("follow.isOver"):
            break
    reached = set(page.evaluate("[...follow.reached]"))
    return [
        f"Tab does not reach {label!r} ({len(reached)} of {len(controls)} reached)"
        for number, label in enumerate(controls)
        if str(number) not in reached and not label.endswith("|radio")
    ]
