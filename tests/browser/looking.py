"""What a careful eye would see on a page: texts that cover each other, clipped or broken names, words left in English.

Owns the script that measures a page in the browser; knows nothing of servers or tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from wardstats.core.settings import PROJECT

# Words that no Vietnamese or Hindi text of ours has. SELECT in capitals is SQL.
_ENGLISH = re.compile(
    r"\b([Tt]he|of|and|with|this|from|[Cc]hoose|[Pp]ress|[Dd]ownload|[Ss]earch|[Ss]elect|[Oo]ptions?|[Rr]esults?|"
    r"[Ss]how|[Dd]rag|[Dd]rop|[Bb]rowse|[Uu]pload|[Ee]dit|[Dd]elete|[Aa]dd|[Cc]lose|[Oo]pen)\b"
)
_PLACEHOLDER = re.compile(r"\{\w+\}")
_CODE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)+$")

# Every text that can be seen, with its box cut to what its scrolling and clipping ancestors let through.
_MEASURE = """(names) => {
  const SKIPPED = "style, script, noscript, textarea, [data-testid=stIconMaterial], [translate=no], .ws-line";
  const shown = (element) => element.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const root = document.querySelector("[data-testid=stApp]");
  // Families that bring Devanagari along: a machine without a font of its own would draw empty boxes with any other.
  const bare = (family) => family.trim().replaceAll('"', "");
  const lettered = [...document.fonts]
    .filter((face) => /U\\+0?9/i.test(face.unicodeRange)).map((face) => bare(face.family));
  const found = {texts: [], clipped: [], broken: [], attributes: [], boxes: [], words: []};
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.replace(/\\s+/g, " ").trim(), element = node.parentElement;
    if (!text || !shown(element) || element.closest(SKIPPED)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) continue;
    const side = element.closest("[data-testid=stSidebar]");
    if (side && side.getBoundingClientRect().right < 5) continue;
    const right = Math.max(...boxes.map((box) => box.right)), left = Math.min(...boxes.map((box) => box.left));
    let window = {left: -1e6, top: -1e6, right: 1e6, bottom: 1e6}, sticky = false, hidden = false, scrolls = false;
    for (let up = element; up && up !== root; up = up.parentElement) {
      const style = getComputedStyle(up), box = up.getBoundingClientRect(), isHtml = up instanceof HTMLElement;
      sticky ||= ["sticky", "fixed"].includes(style.position);
      if (isHtml && (style.clipPath !== "none" || (style.position === "absolute" && box.width <= 1))) hidden = true;
      if (style.overflowX === "visible") continue;
      const clips = /(hidden|clip)/.test(style.overflowX);
      if (clips && !hidden && !scrolls && (right > box.right + 1.5 || left < box.left - 1.5)) found.clipped.push(text);
      scrolls ||= isHtml && !clips;  // what scrolls can be reached, whatever lies around it
      window = {left: Math.max(window.left, box.left), top: Math.max(window.top, box.top),
                right: Math.min(window.right, box.right), bottom: Math.min(window.bottom, box.bottom)};
    }
    if (hidden) continue;
    const families = () => getComputedStyle(element).fontFamily.split(",").map(bare);
    if (/[\u0900-\u097f]/.test(text) && !families().some((family) => lettered.includes(family))) found.boxes.push(text);
    const foreign = !!element.closest("a[href^=http], code, pre, .ws-source, .ws-schema, [lang]:not(html)");
    const plain = node.textContent.replaceAll("\u00a0", " ");  // names are written with either
    for (const name of foreign ? [] : names) {
      for (let at = plain.indexOf(name); at >= 0; at = plain.indexOf(name, at + 1)) {
        range.setStart(node, at);
        range.setEnd(node, at + name.length);
        const tops = [...range.getClientRects()].filter((box) => box.width > 1).map((box) => Math.round(box.top));
        if (Math.max(...tops) - Math.min(...tops) > 6) found.broken.push(text);
      }
    }
    const area = element.closest(".ws-heat");
    for (const box of boxes) {
      const cut = [Math.max(box.left, window.left), Math.max(box.top, window.top),
                   Math.min(box.right, window.right), Math.min(box.bottom, window.bottom)];
      if (cut[2] - cut[0] > 1 && cut[3] - cut[1] > 1)
        found.texts.push({text, box: cut, tall: box.height, sticky: sticky && area ? "table" : sticky ? "page" : "",
                          where: element.closest("[data-testid=stSidebar], [data-testid=stHeader]") ? "frame" : "main",
                          foreign});
    }
  }
  for (const element of root.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    if (shown(element))
      for (const name of ["aria-label", "placeholder", "title", "alt"])
        if (element.getAttribute(name)) found.attributes.push(element.getAttribute(name));
  for (const icon of root.querySelectorAll("[data-testid=stIconMaterial]")) {
    const range = document.createRange();
    range.selectNodeContents(icon);
    const most = 1.5 * parseFloat(getComputedStyle(icon).fontSize);
    if (range.getBoundingClientRect().width > most) found.words.push(icon.textContent);
  }
  const main = document.querySelector("[data-testid=stMain]"), page = document.scrollingElement;
  found.wider = Math.max(main.scrollWidth - main.clientWidth, page.scrollWidth - window.innerWidth || 0);
  found.height = main.scrollHeight;
  return found;
}"""


def measure(page: Page, names: Iterable[str]) -> dict[str, Any]:
    """Return the texts of a page with their boxes, what is clipped, broken or too wide, and what no font has."""
    return page.evaluate(_MEASURE, [name for name in names if " " in name])


def overlaps(texts: list[dict[str, Any]]) -> list[str]:
    """Return the pairs of texts that cover each other by more than lines of one paragraph do."""
    found = set()
    texts = sorted(texts, key=lambda text: text["box"][1])
    for number, one in enumerate(texts):
        for other in texts[number + 1 :]:
            if other["box"][1] >= one["box"][3]:
                break
            # What scrolls below a heading that stays; and a phone's list of pages lies over the page.
            if one["sticky"] or other["sticky"] or one["where"] != other["where"]:
                continue
            width = min(one["box"][2], other["box"][2]) - max(one["box"][0], other["box"][0])
            height = min(one["box"][3], other["box"][3]) - max(one["box"][1], other["box"][1])
            if width > 2 and height > 0.3 * min(one["tall"], other["tall"]):  # as tall as they are, not as they are cut
                found.add(f"{one['text'][:60]!r} and {other['text'][:60]!r}")
    return sorted(found)


@cache
def _english(language: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return the English texts that this language says in another way: plain ones, and patterns of those with gaps."""
    with (PROJECT / "locales" / f"{language}.po").open("rb") as file:
        told = [str(entry.id) for entry in read_po(file, locale=language) if entry.id and entry.string != entry.id]
    plain = frozenset(text for text in told if not _PLACEHOLDER.search(text) and re.search("[A-Za-z]{3}", text))
    gaps = [text for text in told if _PLACEHOLDER.search(text) and re.search("[a-z]{3}", _PLACEHOLDER.sub("", text))]
    patterns = (".+?".join(re.escape(part) for part in _PLACEHOLDER.split(text)) + r"\Z" for text in gaps)
    return plain, tuple(re.compile(pattern) for pattern in patterns)


def untranslated(found: dict[str, Any], language: str) -> list[str]:
    """Return the texts that are English on a page in another language, and keys or gaps on any page."""
    texts = [text["text"] for text in found["texts"] if not text["foreign"]]
    wrong = {text for text in texts if _CODE.match(text) or _PLACEHOLDER.search(text)}
    if language != "en":
        wrong |= {text for text in {*texts, *found["attributes"]} if _is_english(text, language)}
        wrong |= {text for text in texts if _ENGLISH.search(text)}
    return sorted(wrong)


@cache  # most texts stand on many pages, and in every size of the window
def _is_english(text: str, language: str) -> bool:
    plain, gaps = _english(language)
    return text in plain or any(pattern.match(text) for pattern in gaps)
