// The phone page after its first paint: listens, moves rows to their new places, keeps the last board when the line drops.
// The page works without it; see wardstats/live/templates/live.html. Texts come from the page, in the reader's language.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const texts = JSON.parse($("texts").textContent);
  const language = document.body.dataset.language;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  // The server says something every three seconds; two of them missed, and the line is told as lost.
  const SILENT_MS = 6500, LOOK_MS = 500, POLL_MS = 15000, SPEAK_MS = 20000;
  let theme = document.body.dataset.theme, board = null, shown = null;
  let source = null, heard = 0, patience = 0, retry = 0, poll = 0, failures = 0;

  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  // --- the line -------------------------------------------------------------------------------------------------
  function line(state) {
    $("line").dataset.line = state;
    const time = board ? board.updated : texts.updated;
    write($("line-text"), say(state === "live" ? texts.live : texts.kept, { time }));
    $("offline").hidden = state !== "lost";
    if (state === "lost") write($("offline"), say(texts.lost, { time }));
  }

  function connect() {
    clearTimeout(retry);
    if (source) source.close();
    if (!window.EventSource) return keepAsking();
    source = new EventSource(`/api/v1/events?lang=${language}`);
    heard = Date.now();
    patience = 2000 + 6000 * Math.random();
    source.onopen = () => { heard = Date.now(); failures = 0; stopAsking(); };
    source.addEventListener("beat", () => { heard = Date.now(); if (board) line("live"); });
    source.addEventListener("snapshot", (event) => { heard = Date.now(); show(JSON.parse(event.data)); });
    source.onerror = () => {
      line("lost");
      // After an answer such as 503 the browser gives up for good: ask for the board, and try again.
      if (source.readyState === EventSource.CLOSED) {
        failures += 1;
        keepAsking();
        retry = setTimeout(connect, Math.min(1000 * 2 ** failures, 8000) * (0.5 + Math.random()));
      }
    };
  }

  function keepAsking() {
    if (poll) return;
    const ask = () => fetch(`/api/v1/board?lang=${language}`)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then(show)
      .catch(() => line("lost"));
    poll = setInterval(ask, POLL_MS);
    ask();
  }
  function stopAsking() { clearInterval(poll); poll = 0; }

  // A silent line is told at once and made anew a little later, not by all phones of a hall in the same moment.
  function watch() {
    const silent = Date.now() - heard;
    if (!source || document.hidden || silent < SILENT_MS) return;
    if (!poll) line("lost");
    if (silent > SILENT_MS + patience) connect();
  }
  setInterval(watch, LOOK_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - heard > SILENT_MS) connect(); });
  addEventListener("online", connect);
  addEventListener("offline", () => line("lost"));
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });

  // --- the board ------------------------------------------------------------------------------------------------
  const aboutOf = (code) => (code === "total" ? board : board.themes.find((item) => item.theme_code === code));

  function rowsOf(code) {
    if (code === "total") return board.ranking;
    const names = new Map(board.ranking.map((row) => [row.unit_code, row.unit_name]));
    return aboutOf(code).ranking.map(
      ([unit_code, rank, score, score_text, change, absence]) =>
        ({ unit_code, rank, score, score_text, change, absence, unit_name: names.get(unit_code) ?? unit_code }));
  }

  function partsOf(row, code) {
    const whole = aboutOf(code);
    const most = whole.scale || whole.max_score || 100, added = row.adjustment || 0;
    const length = (points) => Math.max(0, Math.min(100, (100 * points) / most));
    const width = row.score === null ? 0 : length(row.score - added);
    if (code !== "total") return [[width, whole.colour]];
    const bonus = row.score === null || !added ? [] : added > 0 ? [[length(added), "", "bonus"]] : [[Math.min(width, length(-added)), "", "penalty"]];
    const parts = board.themes.map((item) => [
      Math.max(0, (item.ranking.find(([unit]) => unit === row.unit_code) ?? [])[2] ?? 0), item.colour]);
    const sum = parts.reduce((total, [score]) => total + score, 0);
    return [...(sum ? parts.map(([score, colour]) => [(width * score) / sum, colour]) : [[width, "var(--green)"]]), ...bonus];
  }

  function changeOf(row) {
    const places = Math.abs(row.change ?? 0);
    if (row.change === null) return ["", "", ""];
    if (row.change > 0) return ["up", `▲ ${places}`, say(texts.up, { count: places })];
    if (row.change < 0) return ["down", `▼ ${places}`, say(texts.down, { count: places })];
    return ["same", "–", texts.same];
  }

  function newRow(code) {
    const row = document.createElement("li");
    row.dataset.unit = code;
    row.innerHTML = '<details name="account"><summary><b class="rank"></b><span class="name"></span><span class="change"></span>' +
      '<b class="score"></b><span class="bar" aria-hidden="true"></span></summary><div class="account"></div></details>';
    return row;
  }

  function small(text) {
    const element = document.createElement("small");
    element.textContent = text;
    return element;
  }

  function unseen(text) {
    const span = document.createElement("span");
    span.className = "unseen";
    span.textContent = text;
    return span;
  }

  function fill(element, row) {
    const [direction, mark, words] = changeOf(row);
    element.classList.toggle("first", row.rank === 1 && aboutOf(theme).is_finished);
    element.querySelector(".rank").replaceChildren(unseen(texts.rank + " "), String(row.rank ?? "–"));
    const name = element.querySelector(".name");
    const remark = row.absence || row.remark || "";
    if (name.dataset.text !== `${row.unit_name} ${remark}`) {
      name.dataset.text = `${row.unit_name} ${remark}`;
      name.replaceChildren(row.unit_name, ...(remark ? [small(remark)] : []));
    }
    const change = element.querySelector(".change");
    change.className = `change ${direction}`;
    change.replaceChildren(mark, unseen(words));
    write(element.querySelector(".score"), row.score_text);
    const bar = element.querySelector(".bar");
    bar.classList.toggle("hatched", Boolean(board.demonstration.notice));
    const parts = partsOf(row, theme);
    while (bar.children.length > parts.length) bar.lastChild.remove();
    parts.forEach(([width, colour, kind = ""], number) => {
      const part = bar.children[number] ?? bar.appendChild(document.createElement("i"));
      part.className = kind;
      part.style.width = `${width.toFixed(2)}%`;
      part.style.marginLeft = kind === "penalty" ? `-${width.toFixed(2)}%` : "";
      part.style.background = colour;
    });
  }

  function markGain(element, gain) {
    element.querySelector(".gained")?.remove();
    if (!gain) return;
    const mark = document.createElement("span");
    mark.className = "gained";
    mark.setAttribute("aria-hidden", "true");
    const digits = Math.abs(gain) < 0.05 ? 2 : 1;
    mark.textContent = (gain > 0 ? "+" : "−") + Math.abs(gain).toLocaleString(language,
      { minimumFractionDigits: digits, maximumFractionDigits: digits });
    element.querySelector("summary").append(mark);
    setTimeout(() => mark.remove(), 6200);
  }

  // First where the rows were, then the new order, then each slides from its old place: no row is ever drawn twice.
  function draw(isNews) {
    const list = $("rows"), rows = rowsOf(theme);
    const old = new Map([...list.children].map((element) => [element.dataset.unit, element]));
    const before = new Map([...old].map(([code, element]) => [code, element.getBoundingClientRect().top]));
    const scores = new Map(shown ?? []);
    let moved = 0;
    rows.forEach((row, place) => {
      const element = old.get(row.unit_code) ?? newRow(row.unit_code);
      old.delete(row.unit_code);
      fill(element, row);
      if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
      const was = scores.get(row.unit_code);
      const differs = isNews && was !== undefined && was.score_text !== row.score_text;
      element.classList.remove("changed");
      if (differs) { void element.offsetWidth; element.classList.add("changed"); }
      if (isNews) markGain(element, differs && was.score !== null && row.score !== null ? row.score - was.score : 0);
      if (isNews && was && was.rank !== row.rank) moved += 1;
    });
    old.forEach((element) => element.remove());
    if (!calm.matches && isNews) {
      for (const element of list.children) {
        const from = before.get(element.dataset.unit);
        const by = from === undefined ? 0 : from - element.getBoundingClientRect().top;
        if (!by) continue;
        element.classList.toggle("moved", by > 0);
        element.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }],
          { duration: 700, easing: "cubic-bezier(.2,.8,.2,1)" }).onfinish = () => element.classList.remove("moved");
      }
    }
    shown = rows.map((row) => [row.unit_code, row]);
    return moved;
  }

  let spokenAt = 0, toSpeak = 0;
  function announce(text) {
    clearTimeout(toSpeak);  // only the latest news is worth saying, and not too often
    toSpeak = setTimeout(() => { spokenAt = Date.now(); write($("spoken"), text); }, Math.max(400, spokenAt + SPEAK_MS - Date.now()));
  }

  function tellFinding() {
    const about = aboutOf(theme), since = board.since && `▲ ▼ ${board.since}`;
    write($("headline"), about.headline);
    write($("coverage"), about.coverage_text);
    write($("legend"), [since, say(texts.scale, { max: about.most_text })].filter(Boolean).join(" · "));
    document.title = [about.headline, board.demonstration.word, board.block_name].filter(Boolean).join(" · ");
  }

  function show(news) {
    if (board && board.publication === news.publication) { line("live"); return; }
    const isFirst = board === null && document.body.dataset.publication === news.publication;
    const isNews = !isFirst && (board === null || board.period === news.period);
    if (board && board.period !== news.period) shown = null;
    board = news;
    if (theme !== "total" && !board.themes.some((item) => item.theme_code === theme)) theme = "total";
    const moved = draw(isNews);
    const about = aboutOf(theme);
    tellFinding();
    write($("state"), board.state_text);
    $("state").className = `state ${board.state}`;
    write($("period"), board.period_text);
    $("made-up").hidden = !board.demonstration.notice;
    write($("made-up"), board.demonstration.notice);
    $("note").hidden = !board.note;
    write($("note"), board.note);
    line("live");
    for (const details of opened()) setTimeout(() => tell(details), isFirst ? 0 : 3000 * Math.random());
    if (!isFirst) announce(`${say(texts.live, { time: board.updated })}. ${about.headline}. ${say(texts.moved, { count: moved })}`);
  }

  // --- the account of a unit ------------------------------------------------------------------------------------
  // It stands in the page for the board that the page was made of; for a newer board or another theme it is asked for.
  const opened = () => [...$("rows").querySelectorAll("details[open]")];
  const unitOf = (details) => details.parentElement.dataset.unit;
  const boardOf = () => `${(board ?? document.body.dataset).publication} ${theme}`;
  const madeOf = boardOf();

  function tell(details) {
    const wanted = boardOf(), there = details.lastElementChild;
    if ((details.dataset.of ?? (there.querySelector("p") && madeOf)) === wanted) return;
    there.classList.add("stale");
    fetch(`/live/account?lang=${language}&theme=${theme}&unit=${encodeURIComponent(unitOf(details))}`)
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then((page) => {
        const fresh = new DOMParser().parseFromString(page, "text/html").querySelector(".account");
        if (!fresh || wanted !== boardOf()) return;
        details.lastElementChild.replaceWith(fresh);
        details.dataset.of = wanted;
      })
      .catch(() => {});  // the line is told as lost; the account is asked for when it is opened again
  }

  // Each account that is open is a place in the history: back closes it.
  $("rows").addEventListener("click", (event) => {
    const details = event.target.closest("summary")?.parentElement;
    if (!details) return;
    if (!details.open) {
      history[history.state?.unit ? "replaceState" : "pushState"]({ unit: unitOf(details) }, "");
      tell(details);
    } else if (history.state?.unit === unitOf(details)) {
      event.preventDefault();
      history.back();
    }
  });
  addEventListener("popstate", (event) => {
    for (const details of $("rows").querySelectorAll("details")) {
      details.open = unitOf(details) === event.state?.unit;
      if (details.open) tell(details);
    }
    history.replaceState(event.state, "", `?lang=${language}&theme=${theme}`);  // the theme that is shown, whatever it was then
  });

  // --- what the reader does -------------------------------------------------------------------------------------
  $("themes").addEventListener("click", (event) => {
    const tab = event.target.closest("a");
    if (!tab || !board || event.metaKey || event.ctrlKey) return;  // before the first board, a tab is a plain link
    event.preventDefault();
    theme = tab.dataset.theme;
    shown = null;
    for (const other of $("themes").children) other.toggleAttribute("aria-current", false);
    tab.setAttribute("aria-current", "true");
    draw(false);
    tellFinding();
    history.replaceState(history.state, "", tab.href);
    opened().forEach(tell);
    for (const link of document.querySelectorAll(".languages a")) link.search = `?lang=${link.hreflang}&theme=${theme}`;
  });

  const sunlight = $("sunlight");
  function shine(isOn) {
    document.documentElement.classList.toggle("sunlight", isOn);
    sunlight.setAttribute("aria-pressed", String(isOn));
    try { localStorage.setItem("sunlight", isOn ? "1" : ""); } catch { /* private window */ }
  }
  sunlight.hidden = false;
  sunlight.addEventListener("click", () => shine(!document.documentElement.classList.contains("sunlight")));
  try { if (localStorage.getItem("sunlight")) shine(true); } catch { /* private window */ }

  connect();
})();
