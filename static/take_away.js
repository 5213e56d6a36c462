// What pages do without the server: a chart as a picture, a link in the clipboard, charts that fit the paper.
// Loaded once a visit by dashboard.py. Texts and colours are those that stand on the page.
"use strict";
(() => {
  if (window.wardstatsTakesAway) return;
  window.wardstatsTakesAway = true;
  const SVG = "http://www.w3.org/2000/svg", HTML = "http://www.w3.org/1999/xhtml";
  const PICTURE_WIDTH = 1920, MARGIN = 24, LARGEST_SIDE = 16000;  // a browser draws no larger picture
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const look = (element, name) => getComputedStyle(element).getPropertyValue(name);
  const spaced = (text) => text.replace(/\s+/g, " ").trim();

  // --- what a picture says --------------------------------------------------------------------------------------
  const pen = document.createElement("canvas").getContext("2d");

  function node(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Puts pieces below each other; `y` is where the next one begins.
  class Picture {
    constructor(width) {
      this.width = width;
      this.y = MARGIN;
      this.family = look(document.body, "font-family");
      this.svg = node("svg", { width: width + 2 * MARGIN });
      this.svg.append(node("style", {}));
      this.ground = node("rect", { width: "100%", height: "100%", fill: look(document.querySelector(".stApp"), "background-color") });
      this.svg.append(this.ground);
    }

    wide(text, size, weight) {
      pen.font = `${weight} ${size}px ${this.family}`;
      return pen.measureText(text).width;
    }

    lines(text, size, weight, width) {
      const found = [];
      let line = "";
      for (const word of text.split(" ")) {
        const longer = line ? `${line} ${word}` : word;
        if (line && this.wide(longer, size, weight) > width) {
          found.push(line);
          line = word;
        } else line = longer;
      }
      return line ? [...found, line] : found;
    }

    text(text, size, weight, colour, inset = 0) {
      for (const line of this.lines(spaced(text), size, weight, this.width - 2 * inset)) {
        this.y += size * 1.3;
        this.write(line, MARGIN + inset, this.y - size * 0.3, size, weight, colour);
      }
    }

    write(text, x, y, size, weight, colour) {
      this.svg.append(node("text", {
        x, y, fill: colour, "font-size": size, "font-weight": weight, "font-family": this.family,
      }, text));
    }

    // Signs with names, wrapped like words.
    keys(items, size, colour) {
      let x = MARGIN;
      this.y += size * 1.5;
      for (const { name, draw } of items) {
        const width = size * 1.4 + this.wide(name, size, 400) + size;
        if (x > MARGIN && x + width > MARGIN + this.width) {
          x = MARGIN;
          this.y += size * 1.5;
        }
        draw(x, this.y - size * 0.85, size);
        this.write(name, x + size * 1.4, this.y, size, 400, colour);
        x += width;
      }
      this.y += size * 0.6;
    }
  }

  function keysOf(holder, picture) {
    const column = holder.closest('[data-testid="stVerticalBlock"]');
    const before = all(".ws-legend", column || document).filter((legend) => precedes(legend, holder)).pop();
    if (!before) return [];
    return all("li", before).map((item) => {
      const box = item.querySelector("i"), glyph = item.querySelector(".ws-glyph");
      const name = spaced([...item.childNodes].filter((part) => part !== box && part !== glyph)
        .map((part) => part.textContent).join(""));
      const draw = (x, y, size) => {
        if (glyph) return picture.write(spaced(glyph.textContent), x, y + size * 0.85, size, 400, look(glyph, "color"));
        if (!box) return undefined;
        const edge = look(box, "border-top-color"), isHatched = box.classList.contains("ws-hatched");
        picture.svg.append(node("rect", {
          x, y, width: size, height: size, fill: isHatched ? "none" : look(box, "background-color"),
          stroke: isHatched ? edge : "none",
        }));
        for (const at of isHatched ? [0.33, 0.66, 1] : []) {
          picture.svg.append(node("path", { d: `M${x},${y + size * at}l${size * at},${-size * at}`, stroke: edge }));
        }
        return undefined;
      };
      return { name, draw };
    });
  }

  const precedes = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

  // --- what a picture shows -------------------------------------------------------------------------------------
  // Plotly draws a figure in layers, each an SVG of its own; the last has what shows below the pointer.
  function layers(plot, left, top) {
    const box = plot.getBoundingClientRect();
    return all(".main-svg", plot).map((layer) => {
      const copy = layer.cloneNode(true);
      all(".hoverlayer, .draglayer", copy).forEach((part) => part.remove());
      for (const link of all("a", copy)) for (const name of ["href", "xlink:href", "target"]) link.removeAttribute(name);
      copy.removeAttribute("style");
      copy.setAttribute("x", MARGIN + box.left - left);
      copy.setAttribute("y", box.top - top);
      return copy;
    });
  }

  function drawing(holder) {
    const plots = all(".js-plotly-plot .svg-container", holder);
    const boxes = (plots.length ? plots : [holder]).map((plot) => plot.getBoundingClientRect());
    const left = Math.min(...boxes.map((box) => box.left)), top = Math.min(...boxes.map((box) => box.top));
    let width = Math.ceil(Math.max(...boxes.map((box) => box.right)) - left);
    let height = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) - top);
    const scrolled = plots.length ? null : holder.querySelector(".ws-heat");  // all of it, not what is in sight
    if (scrolled) {
      width = Math.max(width, scrolled.scrollWidth + 2);
      height += scrolled.scrollHeight - scrolled.clientHeight + MARGIN;
    }
    const picture = new Picture(Math.max(width, 480));
    const main = document.querySelector('[data-testid="stMain"]');
    const title = main.querySelector(".ws-head h1"), context = main.querySelector(".ws-head p");
    const ink = look(title, "color"), muted = look(context, "color");
    picture.text(context.textContent, 13, 400, muted);
    picture.text(title.textContent, 22, 700, ink);
    const section = all("h2, h3", main).filter((head) => !head.closest(".stHtml") && precedes(head, holder)).pop();
    if (section) picture.text(section.textContent, 16, 600, ink);
    const column = holder.closest('[data-testid="stColumn"]');
    const pledge = column && all(".ws-pledge", column).filter((head) => precedes(head, holder)).pop();
    if (pledge) for (const line of pledge.children) picture.text(line.textContent, 14, 600, ink);
    for (const banner of all(".ws-banner", main)) notice(banner, picture);
    const keys = keysOf(holder, picture);
    if (keys.length) picture.keys(keys, 14, ink);
    picture.y += 8;
    const chart = plots.length ? plots.flatMap((plot) => layers(plot, left, top)) : [asHtml(holder, width, height)];
    for (const part of chart) {
      part.setAttribute("y", picture.y + Number(part.getAttribute("y")));
      picture.svg.append(part);
    }
    picture.y += height + 8;
    for (const source of all(".ws-source", main)) picture.text(source.textContent, 12, 400, muted);
    picture.svg.setAttribute("height", Math.ceil(picture.y + MARGIN));
    return picture.svg;
  }

  function notice(banner, picture) {
    const back = node("rect", {
      x: MARGIN, y: picture.y + 8, width: picture.width, rx: 6,
      fill: look(banner, "background-color"), stroke: look(banner, "border-top-color"),
    });
    picture.svg.append(back);
    picture.y += 12;
    const from = picture.y;
    picture.text(banner.textContent, 14, 600, look(banner, "color"), 10);
    back.setAttribute("height", picture.y - from + 10);
    picture.y += 10;
  }

  // A chart of HTML comes with the style sheets of ours; what is drawn by a script of the page (a canvas) is left out.
  function asHtml(holder, width, height) {
    const frame = node("foreignObject", { x: MARGIN, y: 0, width, height });
    const body = document.createElementNS(HTML, "div");
    const scheme = look(document.querySelector(".stApp"), "color-scheme");
    body.setAttribute(
      "style", `width:${width}px;font:${look(holder, "font")};color:${look(holder, "color")};color-scheme:${scheme}`,
    );
    const style = document.createElementNS(HTML, "style");
    const whole = "* { box-sizing: border-box; } .ws-heat { max-height: none !important; overflow: visible !important; }";
    style.textContent = [...all("style").map((sheet) => sheet.textContent).filter((text) => text.includes(".ws-")), whole]
      .join("\n");
    body.append(style, ...all(".stHtml", holder).map((part) => part.cloneNode(true)));
    frame.append(body);
    return frame;
  }

  // --- its file -------------------------------------------------------------------------------------------------
  const asData = async (address) => {
    const blob = await (await fetch(address)).blob();
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
  };

  // The fonts of the page, in the file: a picture that is drawn by itself knows none of them.
  async function fonts(text) {
    const wanted = ["Source Sans", ...(/[\u0900-\u097f]/.test(text) ? ["Noto Sans Devanagari Local"] : [])];
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => rule instanceof CSSFontFaceRule && rule.style.getPropertyValue("font-style") !== "italic"
        && wanted.includes(rule.style.getPropertyValue("font-family").replace(/["']/g, "")));
    return (await Promise.all(rules.map(async (rule) => {
      const named = /url\(["']?([^"')]+)["']?\)/.exec(rule.style.getPropertyValue("src"));
      if (!named) return "";
      const address = new URL(named[1], rule.parentStyleSheet.href || location.href);
      return rule.cssText.replace(/src:[^;]+;/, `src: url("${await asData(address)}");`);
    }))).join("\n");
  }

  async function svgText(holder) {
    const svg = drawing(holder);
    svg.querySelector("style").textContent = await fonts(svg.textContent);
    return { svg, text: new XMLSerializer().serializeToString(svg) };
  }

  async function pngOf({ svg, text }) {
    const width = Number(svg.getAttribute("width")), height = Number(svg.getAttribute("height"));
    const scale = Math.min(Math.max(1, PICTURE_WIDTH / width), LARGEST_SIDE / height);
    const image = new Image(width, height);
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  // On plain http, other than this machine's own, browsers offer no clipboard to scripts but the old way.
  async function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    return undefined;
  }

  // Says for a moment, in the place of a button's name, what came of it.
  function tell(button, text) {
    const name = button.dataset.name ??= button.textContent;
    button.textContent = text;
    setTimeout(() => { button.textContent = name; }, 2000);
  }

  async function take(button) {
    const row = button.closest(".ws-take"), kind = button.dataset.take;
    if (kind === "link") {
      await copy(location.href);
      tell(button, row.dataset.copied);
      return;
    }
    const holder = document.querySelector(`.st-key-${CSS.escape(row.dataset.of)}`);
    const made = await svgText(holder);
    const blob = kind === "png" ? await pngOf(made) : new Blob([made.text], { type: "image/svg+xml" });
    save(blob, `${row.dataset.file}.${kind}`);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-take]");
    if (button) take(button).catch(() => tell(button, button.closest(".ws-take").dataset.failed));
  });

  // --- paper ----------------------------------------------------------------------------------------------------
  // A figure has the size of the window in pixels. With a view box its layers scale, and style.css fits them to the paper.
  const TALL = 2.2;  // heights to widths: a longer figure goes over several pages instead of shrinking to one
  function ontoPaper() {
    for (const frame of all(".js-plotly-plot .svg-container")) {
      const box = frame.querySelector(".main-svg");
      const width = parseFloat(box?.getAttribute("width")), height = parseFloat(box?.getAttribute("height"));
      if (!width || !height) continue;
      for (const layer of all(".main-svg", frame)) layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
      frame.style.setProperty("--ws-shape", `${width} / ${height}`);
      frame.classList.add("ws-on-paper");
      frame.classList.toggle("ws-tall", height > TALL * width);
    }
  }
  function offPaper() {
    for (const frame of all(".ws-on-paper")) {
      frame.classList.remove("ws-on-paper", "ws-tall");
      for (const layer of all(".main-svg", frame)) layer.removeAttribute("viewBox");
    }
  }
  addEventListener("beforeprint", ontoPaper);
  addEventListener("afterprint", offPaper);
  matchMedia("print").addEventListener("change", (paper) => (paper.matches ? ontoPaper() : offPaper()));
})();
