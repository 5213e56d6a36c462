// The projector's page: scenes that rotate or follow keys and a clicker; rows that slide; the day as a film.
// Everything is updated in place, element by element, so nothing flickers. Texts come from the page.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const texts = JSON.parse($("texts").textContent);
  const language = document.body.dataset.language;
  const ZONE = "Asia/Ho_Chi_Minh";
  // The server says something every three seconds; two of them missed, and the line is told as lost.
  const SCENE_MS = 14000, SILENT_MS = 6500, LOOK_MS = 500, TYPE_MS = 1500;
  const FILM_MS = 2500, FILM_LEAST_MS = 500, FILM_WHOLE_MS = 90000;
  const SCALE = [0, 1, 2, 3].map((step) => getComputedStyle(document.documentElement).getPropertyValue(`--scale-${step}`).trim());
  const tall = matchMedia("(max-aspect-ratio: 1/1)");
  let stage = JSON.parse($("stage").textContent), board = stage, theme = "total", shown = new Map();
  let source = null, heard = Date.now(), retry = 0, failures = 0;

  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const write = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };
  function make(tag, name, ...inside) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...inside.filter((part) => part !== null && part !== undefined));
    return element;
  }

  // --- the ranking: one element for each unit for good; only its place, widths and texts change ------------------
  const elements = new Map();
  const MOST = 40, MOST_IN_KEY = 12;

  function rowOf(code) {
    if (!elements.has(code)) {
      const row = make("li", "", make("b", "rank"), make("span", "name"), make("span", "change"), make("span", "track", make("span", "bar"), make("span", "absent")), make("b", "score"));
      row.dataset.unit = code;
      $("rows").append(row);
      elements.set(code, row);
    }
    return elements.get(code);
  }

  // The board of the theme that is shown; the whole one where a board of the film does not have it.
  const about = () => board.themes.find((item) => item.theme_code === theme) ?? board;

  function rowsOf() {
    if (about() === board) return board.ranking;
    const names = new Map(board.ranking.map((row) => [row.unit_code, row.unit_name]));
    return about().ranking.map(([unit_code, rank, score, score_text, change, absence]) =>
      ({ unit_code, rank, score, score_text, change, absence, added_up: "", unit_name: names.get(unit_code) ?? unit_code }));
  }

  function partsOf(row) {
    const most = about().scale || about().max_score || 100, added = row.adjustment || 0;
    const length = (points) => Math.max(0, Math.min(100, (100 * points) / most));
    const width = row.score === null ? 0 : length(row.score - added);
    if (about() !== board) return [[width, about().colour]];
    const bonus = row.score === null || !added ? [] : added > 0 ? [[length(added), "", "bonus"]] : [[Math.min(width, length(-added)), "", "penalty"]];
    const parts = board.themes.map((item) => [
      Math.max(0, (item.ranking.find(([unit]) => unit === row.unit_code) ?? [])[2] ?? 0), item.colour]);
    const sum = parts.reduce((total, [score]) => total + score, 0);
    return [...(sum ? parts.map(([score, colour]) => [(width * score) / sum, colour]) : [[width, "var(--green)"]]), ...bonus];
  }

  function drawRanking(isNews) {
    const rows = rowsOf().slice(0, MOST), list = $("rows");
    write($("headline"), about().headline);  // first: its lines decide the room
    const columns = rows.length > (tall.matches ? 20 : 12) ? 2 : 1, inColumn = Math.ceil(rows.length / columns);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    const height = Math.min(tall.matches ? 9 : 7, (list.clientHeight / rem || 42) / Math.max(inColumn, 1));
    const wide = ((list.clientWidth / rem || 89) - 2 * (columns - 1)) / columns;
    list.style.setProperty("--row", `${height}rem`);
    list.style.setProperty("--wide", `${wide}rem`);
    const longest = Math.max(...rows.map((row) => row.unit_name.normalize("NFC").length), 6);
    list.style.setProperty("--name", `${Math.min(wide * 0.5, longest * height * 0.29 + 0.6)}rem`);
    const kept = new Set(rows.map((row) => row.unit_code));
    for (const [code, element] of elements) if (!kept.has(code)) { element.remove(); elements.delete(code); }
    rows.forEach((row, place) => {
      const isNew = !elements.has(row.unit_code), element = rowOf(row.unit_code), was = shown.get(row.unit_code);
      const column = Math.floor(place / inColumn), line = place % inColumn;
      if (isNew) element.style.transition = "none";
      element.classList.toggle("up", isNews && was !== undefined && was.place > place);
      element.style.transform = `translate(${column * (wide + 2)}rem, ${line * height}rem)`;
      if (isNew) { void element.offsetWidth; element.style.transition = ""; }
      element.classList.toggle("first", row.rank === 1 && about().is_finished);
      const [rank, name, change, track, score] = element.children, [bar, absent] = track.children;
      write(rank, String(row.rank ?? "–"));
      write(name, row.unit_name);
      write(change, row.change === null ? "" : row.change > 0 ? `▲ ${row.change}` : row.change < 0 ? `▼ ${-row.change}` : "–");
      change.className = `change ${row.change > 0 ? "rise" : row.change < 0 ? "drop" : ""}`;
      const parts = partsOf(row);
      write(absent, row.absence || row.added_up);
      absent.classList.toggle("added", !row.absence && Boolean(row.added_up));
      bar.classList.toggle("hatched", Boolean(board.demonstration.notice) && !row.absence);
      while (bar.children.length > parts.length) bar.lastChild.remove();
      parts.forEach(([width, colour, kind = ""], number) => {
        const part = bar.children[number] ?? bar.appendChild(document.createElement("i"));
        part.className = kind;
        part.style.width = `${width.toFixed(2)}%`;
        part.style.marginLeft = kind === "penalty" ? `-${width.toFixed(2)}%` : "";
        part.style.background = colour;
      });
      write(score, row.score_text);
      element.querySelector(".gained")?.remove();
      element.classList.remove("changed");
      if (isNews && was !== undefined && was.score !== null && row.score !== null && was.text !== row.score_text) {
        void element.offsetWidth;
        element.classList.add("changed");
        const gain = row.score - was.score, digits = Math.abs(gain) < 0.05 ? 2 : 1;
        const amount = Math.abs(gain).toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
        element.append(make("span", `gained ${gain > 0 ? "rise" : "drop"}`, (gain > 0 ? "+" : "−") + amount));
      }
    });
    // Read out in the order that is seen.
    rows.map((row) => elements.get(row.unit_code)).forEach((element, place) => {
      if (list.children[place] !== element) element.style.order = place;
    });
    shown = new Map(rows.map((row, place) => [row.unit_code, { place, text: row.score_text, score: row.score }]));
    $("first-rows").hidden = board.unit_count <= rows.length;
    write($("first-rows"), say(texts.first_rows, { count: rows.length, total: board.unit_count }));
    for (const button of $("legend").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.theme === theme));
    tellTitle();
  }

  // --- the other scenes ------------------------------------------------------------------------------------------
  function drawWinners() {
    const colours = new Map(stage.themes.map((theme) => [theme.theme_code, theme.colour]));
    const all = board.ranking.filter((row) => row.rank === 1 && board.is_finished);
    const total = all.length ? [{ theme_code: "", theme_name: texts.total, names: all.slice(0, 3).map((row) => row.unit_name),
      more: Math.max(0, all.length - 3), score_text: all[0].score_text, most_text: board.most_text, next: board.so_far, coverage_text: board.coverage_text }] : [];
    const cards = total.length + stage.winners.length;
    $("winners").style.setProperty("--columns", cards > 8 ? 5 : cards > 6 ? 4 : 3);
    $("winners").replaceChildren(...[...total, ...stage.winners].map((item) => {
      const names = item.names.join(", ") + (item.more ? ` ${say(texts.more, { count: item.more })}` : "");
      const card = make("section", `winner${names.length > 16 ? " many" : ""}${item.theme_code ? "" : " all"}`, make("h2", "", item.theme_name),
        ...(names ? [make("p", "who", names), make("p", "score", say(texts.of, { score: item.score_text, max: item.most_text }))] : []),
        make("p", "next", item.next), make("p", "next", item.coverage_text));
      card.style.setProperty("--colour", colours.get(item.theme_code) || "var(--gold)");
      return card;
    }));
  }

  function mix(share) {
    const at = Math.max(0, Math.min(1, share)) * (SCALE.length - 1), from = Math.min(Math.floor(at), SCALE.length - 2);
    const part = (colour, index) => parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16);
    return [0, 1, 2].map((index) => Math.round(part(SCALE[from], index) + (part(SCALE[from + 1], index) - part(SCALE[from], index)) * (at - from)));
  }

  function drawMap() {
    if (!$("scale-low")) return;
    const known = board.ranking.filter((row) => row.score !== null);
    const scores = known.map((row) => row.score), low = Math.min(...scores), high = Math.max(...scores);
    const shareOf = (row) => (row.score === null ? null : high > low ? (row.score - low) / (high - low) : 0.5);
    const colourOf = (row) => (row.score === null ? "" : `rgb(${mix(shareOf(row))})`);
    for (const row of board.ranking) {
      const share = shareOf(row);
      for (const path of document.querySelectorAll(`.maps path[data-unit="${CSS.escape(row.unit_code)}"]`)) {
        path.style.fill = colourOf(row);
        path.classList.toggle("first", row.rank === 1 && board.is_finished);
      }
      for (const label of document.querySelectorAll(`.maps [data-label="${CSS.escape(row.unit_code)}"]`)) {
        write(label.querySelector(".place"), String(row.rank ?? "–"));
        label.classList.toggle("light", label.classList.contains("inside") && share !== null && share > 0.55);
      }
    }
    // Whose colour that is, in type for the back of the hall; of more units the ranking tells it.
    $("map-key").hidden = board.ranking.length > MOST_IN_KEY;
    $("map-key").style.setProperty("--key-rows", Math.ceil(board.ranking.length / 3));
    if (!$("map-key").hidden) $("map-key").replaceChildren(...board.ranking.map((row) => {
      const swatch = make("i");
      swatch.style.background = colourOf(row);
      return make("li", "", swatch, make("b", "", String(row.rank ?? "–")), make("span", "", row.unit_name));
    }));
    document.querySelector(".scale").hidden = !known.length;
    if (known.length) {
      write($("scale-low"), known.at(-1).score_text);
      write($("scale-high"), `${known[0].score_text} ${texts.points}`);
    }
  }

  function drawMovers() {
    write($("since"), [stage.movers.since, stage.movers.more_text].filter(Boolean).join(" · "));
    const rows = stage.movers.rows.map((row) => {
      const tone = row.places > 0 ? "rise" : row.places < 0 ? "drop" : "";
      const mark = row.places === null ? "" : row.places > 0 ? `▲ ${row.places}` : row.places < 0 ? `▼ ${-row.places}` : "–";
      return make("section", "mover", make("p", `places ${tone}`, mark),
        make("p", "who", row.unit_name, make("small", "", row.rank_before === null ? `${row.rank}` : `${row.rank_before} → ${row.rank}`)),
        make("p", "points", row.points_text), make("ul", "", ...row.why.map((reason) => make("li", "", reason))));
    });
    $("movers").replaceChildren(...rows);
  }

  let spot = "";  // whose scene it is: a code, since places change
  function nextSpot(step) {
    const all = stage.spotlights, at = all.findIndex((unit) => unit.unit_code === spot);
    if (all.length) spot = all[(Math.max(at, 0) + step + all.length) % all.length].unit_code;
  }

  function drawSpotlight() {
    const unit = stage.spotlights.find((item) => item.unit_code === spot) ?? stage.spotlights[0];
    spot = unit?.unit_code ?? "";
    if (!unit) { $("spotlight").replaceChildren(make("h1", "", board.headline)); tellTitle(); return; }
    const colours = new Map(stage.themes.map((theme) => [theme.theme_code, theme.colour]));
    const head = make("div", "spot-head", make("h1", "", unit.unit_name),
      make("p", "place", unit.place_text, " ",
        make("span", unit.direction > 0 ? "rise" : unit.direction < 0 ? "drop" : "", unit.change === "–" ? "" : unit.change)),
      unit.range_text ? make("p", "range", unit.range_text) : null,
      make("p", "total", `${unit.score_text} ${texts.points}`),
      unit.remark ? make("p", "remark", unit.remark) : null,
      unit.moved ? make("p", "why", make("b", "", unit.moved), ...unit.why.map((reason) => make("span", "", reason))) : null);
    const themes = unit.themes.map((theme) => {
      const gauge = make("div", "gauge", make("i", stage.demonstration.notice ? "hatched" : ""), make("b"));
      gauge.firstChild.style.width = `${100 * theme.share}%`;
      gauge.lastChild.style.left = `${100 * theme.best_share}%`;
      const item = make("div", "spot-theme", make("p", "", make("span", "", theme.theme_name),
        make("span", "", `${theme.score_text} / ${theme.most_text}`)), gauge);
      item.style.setProperty("--colour", colours.get(theme.theme_code) || "var(--green)");
      return item;
    });
    const list = (items) => make("ul", "", ...(unit.why.length ? items.slice(0, 1) : items).map((item) => make("li", "", make("span", "", item.name), make("b", "", item.text))));
    const titled = (title, items) => (items.length ? [make("h2", "", title), list(items)] : []);
    $("spotlight").replaceChildren(head, make("div", `spot-body${themes.length > 6 ? " many" : ""}`,
      make("div", "", make("h2", "", texts.themes), ...themes),
      make("div", "", make("h2", "", texts.history), line(unit),
        ...titled(texts.strong, unit.strong), ...titled(texts.weak, unit.weak))));
    tellTitle();
  }

  function line(unit) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 600 190");
    const past = unit.history, most = Math.max(unit.of, 2);
    const x = (at) => 24 + (past.length > 1 ? (at * 552) / (past.length - 1) : 276), y = (rank) => 24 + (120 * (rank - 1)) / (most - 1);
    const add = (tag, attributes, text) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      if (text !== undefined) element.textContent = text;
      picture.append(element);
    };
    add("polyline", { points: past.map((item, at) => `${x(at)},${y(item.rank)}`).join(" "), fill: "none", stroke: "var(--green)", "stroke-width": 4, "stroke-linejoin": "round" });
    past.forEach((item, at) => {
      const isLast = at === past.length - 1;
      add("circle", { cx: x(at), cy: y(item.rank), r: isLast ? 17 : 12, fill: isLast ? "var(--green)" : "white", stroke: "var(--green)", "stroke-width": 2.5 });
      add("text", { x: x(at), y: y(item.rank) + 5.5, "text-anchor": "middle", "font-size": 15, "font-weight": 700, fill: isLast ? "white" : "var(--ink)" }, item.rank);
      if (isLast || at % Math.ceil(past.length / 6) === 0 && past.length - 1 - at > 1) add("text", { x: x(at), y: 186, "text-anchor": "middle", "font-size": 16, fill: "var(--muted)" }, item.period);
    });
    return picture;
  }

  function drawSide() {
    write($("state"), board.state_text);
    $("state").className = `state ${board.state}`;
    $("state").style.setProperty("--letters", board.state_text.length);
    write($("period"), board.period_text);
    write($("coverage"), about().coverage_text);
    $("made-up").hidden = !board.demonstration.notice;
    write($("made-up"), board.demonstration.notice);
    $("note").hidden = !board.note;
    write($("note"), board.note);
    tellTime();
    tellAgainst();
  }
  let isLost = false;
  function tellTime() {
    document.querySelector(".when").classList.toggle("lost", isLost);
    write($("updated"), say(isLost ? texts.lost : texts.updated, { time: board.updated }));
  }

  // The finding that is on the screen is the name of the page, with what is made up and where.
  function tellTitle() {
    const heading = scenes[scene].querySelector("h1")?.textContent;
    document.title = [heading, board.demonstration.word, board.block_name].filter(Boolean).join(" · ");
  }
  // Since when places are gained: on the movers' scene since the board before, elsewhere since the period before.
  function tellAgainst() {
    const since = nameOf(scene) === "movers" ? stage.movers.since : board.since;
    write($("against"), since ? `▲ ▼ ${since}` : "");
  }

  addEventListener("resize", () => drawRanking(false));
  function drawAll(isNews) { drawSide(); drawRanking(isNews); drawMap(); }  // the side first: it decides the room
  function drawScenes() {
    for (const name of ["winners", "map", "movers"]) write($(`${name}-title`), stage.titles[name]);
    drawWinners();
    drawMovers();
    drawSpotlight();
    tellAgainst();
  }

  // --- scenes ----------------------------------------------------------------------------------------------------
  const scenes = [...document.querySelectorAll(".scene")];
  const nameOf = (number) => scenes[number].dataset.scene;
  const sceneOf = (name) => scenes.findIndex((element) => element.dataset.scene === name);
  let scene = 0, isPaused = false, timer = 0, mustReload = false, cameFrom = null;
  $("dots").replaceChildren(...scenes.map(() => make("i")));

  function go(to, isByHand) {
    if (mustReload && !film) { location.reload(); return; }
    const before = scene;
    scene = (to + scenes.length) % scenes.length;
    if (before !== scene) {
      if (nameOf(scene) === "spotlight") drawSpotlight();
      if (nameOf(before) === "spotlight") { nextSpot(1); cameFrom = null; }
      if (nameOf(before) === "ranking" && theme !== "total") choose("total");
    }
    scenes.forEach((element, number) => {
      element.classList.toggle("on", number === scene);
      element.setAttribute("aria-hidden", String(number !== scene));
    });
    [...$("dots").children].forEach((dot, number) => dot.classList.toggle("on", number === scene));
    tellTitle();
    tellAgainst();
    stay(isByHand);
  }
  function stay(isByHand) {
    clearTimeout(timer);
    if (!isPaused && !film) timer = setTimeout(() => go(scene + 1), isByHand ? 2.5 * SCENE_MS : SCENE_MS);
  }
  function pause(isOn) {
    isPaused = isOn;
    ribbon(isPaused && !film ? texts.paused : "", 1500);
    go(scene, true);
  }

  // One theme instead of all of them: the rows slide into its order.
  function choose(code) {
    theme = code;
    shown = new Map();
    drawRanking(false);
    write($("coverage"), about().coverage_text);
  }
  function showTheme(code) {
    if (code !== "total" && !board.themes.some((item) => item.theme_code === code)) return;
    go(sceneOf("ranking"), true);
    choose(code);
  }
  function nextTheme() {
    const codes = ["total", ...board.themes.map((item) => item.theme_code)];
    showTheme(codes[(codes.indexOf(theme) + 1) % codes.length]);
  }
  function showUnit(code) {
    if (film) stopFilm();
    const from = cameFrom ?? { scene, theme };
    spot = code;
    drawSpotlight();
    go(sceneOf("spotlight"), true);
    cameFrom = from;
  }
  function back() {
    const to = cameFrom ?? { scene, theme: "total" };
    cameFrom = null;
    go(to.scene, true);
    if (to.theme !== theme) choose(to.theme);
  }

  let ribbonTimer = 0;
  function ribbon(text, forMs) {
    clearTimeout(ribbonTimer);
    $("ribbon").hidden = !text;
    write($("ribbon"), text);
    if (text && forMs) ribbonTimer = setTimeout(() => { $("ribbon").hidden = true; }, forMs);
  }

  // --- the day as a film -------------------------------------------------------------------------------------------
  let film = null;
  const dayOf = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date(moment));
  const ask = (address) => fetch(address, { cache: "no-cache" }).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));

  async function replay() {
    if (film) { stopFilm(); return; }
    const day = new URLSearchParams(location.search).get("day") || dayOf(stage.published_at);
    film = { step: 0 };
    try {
      const list = (await ask(`/api/v1/snapshots?day=${encodeURIComponent(day)}&lang=${language}`)).rows.reverse();
      if (!film) return;
      if (list.length < 2) { film = null; ribbon(texts.noreplay, 3000); return; }
      go(sceneOf("ranking"), true);
      const pace = Math.max(FILM_LEAST_MS, Math.min(FILM_MS, FILM_WHOLE_MS / list.length));
      document.documentElement.style.setProperty("--pace", `${pace}ms`);
      shown = new Map();
      for (const [number, entry] of list.entries()) {
        const next = await ask(`/api/v1/board?lang=${language}&snapshot=${encodeURIComponent(entry.publication)}`).catch(() => null);
        if (!film) return;
        if (!next) continue;
        board = next;
        drawAll(number > 0);
        ribbon(say(texts.replaying, { time: board.updated, number: number + 1, count: list.length }));
        await new Promise((done) => { film.timer = setTimeout(done, pace); });
        if (!film) return;
      }
      await new Promise((done) => { film.timer = setTimeout(done, 3000); });
    } catch { ribbon(texts.noreplay, 3000); }
    stopFilm();
  }
  function stopFilm() {
    if (!film) return;
    clearTimeout(film.timer);
    film = null;
    ribbon("");
    board = stage;
    shown = new Map();
    drawAll(false);
    drawScenes();
    go(scene);
  }

  // --- the line ----------------------------------------------------------------------------------------------------
  function show(news) {
    const isNews = news.publication !== stage.publication;
    isLost = false;
    if (!isNews) { tellTime(); return; }
    const { titles, winners, movers, spotlights, club_name } = stage;
    const isSamePeriod = stage.period === news.period;
    stage = { titles, winners, movers, spotlights, club_name, ...news };  // the board is here at once; its other scenes follow
    if (!film) {
      board = stage;
      if (!isPaused) go(sceneOf("ranking"), true);
      if (!isSamePeriod) shown = new Map();
      drawAll(isSamePeriod);
    }
    fetchScenes(news.publication);
  }
  function fetchScenes(publication) {
    ask(`/api/v1/stage?lang=${language}`).then((news) => {
      if (news.publication !== stage.publication && news.publication !== publication) { show(news); return; }
      stage = news;
      if (!film) { board = stage; drawScenes(); drawSide(); }
    }).catch(() => setTimeout(() => { if (stage.publication === publication) fetchScenes(publication); }, 3000));
  }

  function connect() {
    clearTimeout(retry);
    if (source) source.close();
    source = new EventSource(`/api/v1/events?lang=${language}`);
    heard = Date.now();
    source.onopen = () => {
      heard = Date.now();
      if (isLost) lookForNewPage();
      isLost = false;
      failures = 0;
      tellTime();
    };
    source.addEventListener("beat", () => { heard = Date.now(); isLost = false; tellTime(); });
    source.addEventListener("snapshot", (event) => { heard = Date.now(); show(JSON.parse(event.data)); });
    source.onerror = () => {
      isLost = true;
      tellTime();
      if (source.readyState === EventSource.CLOSED) {
        failures += 1;
        retry = setTimeout(connect, Math.min(1000 * failures, 4000));
      }
    };
  }
  // After a restart the server may have another version of this page, or be reached by phones where it was not: take it
  // at the next change of scene.
  const isBad = (page) => page.includes('class="qr bad"');
  const wasBad = document.querySelector(".qr.bad") !== null;
  function lookForNewPage() {
    fetch(location.href, { cache: "no-cache" }).then((answer) => answer.text()).then((page) => {
      const isOther = !texts.files.split("|").every((file) => page.includes(file)) || isBad(page) !== wasBad;
      mustReload = isOther && page.includes('id="stage"');
    }).catch(() => {});
  }
  setInterval(() => {
    const silent = Date.now() - heard;
    if (silent < SILENT_MS) return;
    if (!isLost) { isLost = true; tellTime(); }
    if (silent > SILENT_MS + 2000) connect();
  }, LOOK_MS);
  addEventListener("online", connect);

  // --- a unit by its first letters ---------------------------------------------------------------------------------
  // Some letters are commands too. Such a letter acts at once; where the next one makes it the beginning of a name, what
  // it did is undone. The same command twice is the command again.
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("đ", "d").normalize("NFC");
  const joined = (name) => name.replace(/[^\p{L}\p{M}\p{N}]/gu, "");
  const initials = (name) => name.split(/[^\p{L}\p{M}\p{N}]+/u).map((word) => word.slice(0, 1)).join("");
  let typed = "", typedTimer = 0, undo = null;

  function unitsOf(letters) {
    const by = (form) => stage.spotlights.filter((unit) => unit.typed.some((name) => form(name).startsWith(letters)));
    const found = by(joined);
    return found.length || letters.length < 2 ? found : by(initials);
  }
  function forget() { typed = ""; undo = null; }

  function type(letter) {
    clearTimeout(typedTimer);
    typedTimer = setTimeout(forget, TYPE_MS);
    const act = keys[letter], found = typed ? unitsOf(typed + letter) : [];
    if (found.length && !(act && typed === letter)) {
      if (undo) undo();
      undo = null;
      typed += letter;
      settle(found);
      return;
    }
    const begun = unitsOf(letter);
    typed = begun.length ? letter : "";
    undo = act ? run(act) : null;
    if (act) return;
    if (begun.length) settle(begun);
    else ribbon(say(texts.nobody, { letters: letter.toUpperCase() }), TYPE_MS);
  }
  function settle(found) {
    if (found.length === 1) { ribbon(""); showUnit(found[0].unit_code); }
    else ribbon(found.map((unit) => unit.unit_name).join(" · "), TYPE_MS);
  }

  // --- keys, clicker, mouse ----------------------------------------------------------------------------------------
  // On the whole screen Escape would leave it; some browsers let the page have it while it is pressed shortly.
  const fill = () => document.documentElement.requestFullscreen().then(() => navigator.keyboard?.lock?.(["Escape"])).catch(() => {});
  const acts = {
    next: () => go(scene + 1, true),
    previous: () => go(scene - 1, true),
    pause: () => pause(!isPaused),
    replay,
    theme: nextTheme,
    back: () => (film ? stopFilm() : back()),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : fill()),
    blank: () => { $("dark").hidden = !$("dark").hidden; },
    up: () => { nextSpot(-1); drawSpotlight(); go(scene, true); },
    down: () => { nextSpot(1); drawSpotlight(); go(scene, true); },
  };
  const keys = {
    ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous", " ": "pause", p: "pause",
    r: "replay", t: "theme", f: "full", b: "blank", ".": "blank", ArrowUp: "up", ArrowDown: "down", Escape: "back", Backspace: "back",
  };
  // Does what a key is for, and returns what undoes it.
  function run(act) {
    const was = { scene, theme, cameFrom, spot };
    if (film && !["replay", "full", "blank", "theme", "back"].includes(act)) stopFilm();
    acts[act]();
    if (["pause", "replay", "full", "blank"].includes(act)) return acts[act];
    return () => {
      go(was.scene, true);
      if (theme !== was.theme) choose(was.theme);
      ({ cameFrom, spot } = was);
    };
  }
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === " " && event.target.closest("button, a")) return;
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (event.shiftKey && digit && !/\d/.test(event.key)) { showTheme(board.themes[digit - 1]?.theme_code); return; }
    if (event.key >= "1" && event.key <= String(scenes.length)) { go(Number(event.key) - 1, true); return; }
    if (/^[\p{L}\p{M}]$/u.test(event.key)) { type(fold(event.key)); return; }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    run(act);
  });
  $("controls").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) { acts[button.dataset.do](); button.blur(); }
  });
  $("legend").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) { showTheme(button.dataset.theme); button.blur(); }
  });
  let still = 0;
  function move() {
    document.body.classList.remove("still");
    clearTimeout(still);
    still = setTimeout(() => document.body.classList.add("still"), 3000);
  }
  addEventListener("mousemove", move);
  document.body.classList.add("still");

  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  setInterval(() => write($("clock"), clock.format(new Date())), 250);
  // A projector that dims in the middle of a speech helps nobody; only offered on a secure address.
  const stayAwake = () => navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();

  drawAll(false);
  drawScenes();
  // What the address names stays: a scene, a theme or a unit.
  const asked = new URLSearchParams(location.search), unit = asked.get("unit"), only = asked.get("theme");
  const wanted = sceneOf(asked.get("scene"));
  const hasUnit = stage.spotlights.some((one) => one.unit_code === unit);
  const hasTheme = board.themes.some((one) => one.theme_code === only);
  isPaused = wanted >= 0 || hasUnit || hasTheme;
  go(Math.max(wanted, 0));
  if (hasUnit) showUnit(unit);
  else if (hasTheme) showTheme(only);
  connect();
  if (asked.has("day")) replay();
})();
