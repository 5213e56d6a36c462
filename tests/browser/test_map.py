"""The map page as it stands on a screen: circles that fill their panels, names that can be read."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visits

# Share of each panel, below its title, that the members' shapes take; circles fill pi/4 of their box.
SHARES = """() => [...document.querySelectorAll(".st-key-map_panels .stPlotlyChart")].slice(1).map((chart) => {
  const panel = chart.querySelector(".nsewdrag").getBoundingClientRect();
  const boxes = [...chart.querySelectorAll(".scatterlayer path.js-fill")].map((path) => path.getBoundingClientRect());
  const names = [...chart.querySelectorAll(".annotation-text")].map((text) => text.getBoundingClientRect().height);
  const taken = boxes.reduce((sum, box) => sum + Math.PI / 4 * box.width * box.height, 0);
  return { share: taken / (panel.width * panel.height), shapes: boxes.length, names: names };
})"""


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (390, 844)], ids=lambda size: str(size[0]))
def test_members_take_two_fifths_of_a_panel(page_at: Visits, size: tuple[int, int]) -> None:
    page = page_at(*size, "vi", "/map")
    panels = page.evaluate(SHARES)
    assert [panel["shapes"] for panel in panels] == [3, 4, 3]
    for panel in panels:
        assert panel["share"] >= 0.4
        assert len(panel["names"]) == panel["shapes"]
        assert min(panel["names"]) >= 28, "rank and name, two lines of 14 px"
    page_at.assert_clean()


def test_a_shape_beside_the_ranking_opens_its_ward(page_at: Visits) -> None:
    """The link has the form of the shape: what lies in the corner of its box is another's."""
    page = page_at(1366, 768, "vi", "/")
    link = page.locator(".ws-map a[href*='unit=03006']")
    found = link.evaluate("""link => { const box = link.getBoundingClientRect();
      const at = (x, y) => document.elementFromPoint(box.left + x * box.width, box.top + y * box.height) === link;
      return [at(0.5, 0.5), at(0.5, 0.95), at(0.05, 0.5), at(0.03, 0.03), at(0.97, 0.97)]; }""")
    assert found == [True, True, True, False, False]
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ward?*unit=03006*")
    page.locator(".ws-head h1", has_text="Sa Pa").wait_for()
    page_at.assert_clean()
