// What the browser does by itself on every page of the dashboard: keep the appearance that the reader chose, close the
// menu of a narrow window once a page is chosen, and remember which board was seen. Nothing of it reaches the server but
// the name of that board, in a cookie. charts/html/page_foot.py includes it, again with each change of language.
(() => {
  const LOOK = "wardstats-look", SEEN = "wardstats_seen";
  const NARROW = 768; // px: up to here Streamlit lays the menu over the page
  const SEEN_AFTER_MS = 5000;
  let store = null;
  try { store = window.localStorage; } catch { /* switched off in this browser: nothing is kept */ }

  // Streamlit keeps a reader's appearance for each address; ours holds for all of them.
  const keyOf = (path) => `stActiveTheme-${path}-v2`;
  const chosen = () => store?.getItem(LOOK) ?? "System";

  function markLook() {
    for (const button of document.querySelectorAll("[data-look]")) {
      button.setAttribute("aria-pressed", String(button.dataset.look === chosen()));
    }
  }

  // Return whether the page has to be loaded again to look as chosen.
  function keepLook() {
    const key = keyOf(location.pathname), wanted = JSON.stringify(chosen());
    const before = store?.getItem(key) ?? JSON.stringify("System");
    store?.setItem(key, wanted);
    return store !== null && before !== wanted;
  }

  function choose(look) {
    store?.setItem(LOOK, look);
    for (const link of document.querySelectorAll("[data-testid=stSidebarNavLink]")) {
      const path = new URL(link.href).pathname;
      if (path !== location.pathname) store?.setItem(keyOf(path), JSON.stringify(look));
    }
    if (keepLook()) location.reload();
    else markLook();
  }

  function closeMenu() {
    if (innerWidth > NARROW) return;
    setTimeout(() => { // Streamlit closes it itself on what says that it is a phone
      if (document.querySelector("[data-testid=stSidebar][data-collapsed=false]")) {
        document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
      }
    }, 100);
  }

  function remember() {
    const board = document.querySelector("[data-board]")?.dataset.board;
    if (!board || document.visibilityState !== "visible") return;
    document.cookie = `${SEEN}=${board}; path=/; max-age=31536000; samesite=lax`;
  }

  markLook();
  if (window.wardstatsPage) return;
  window.wardstatsPage = true;
  if (store?.getItem(LOOK) && keepLook()) { location.reload(); return; }
  setInterval(remember, SEEN_AFTER_MS);
  document.addEventListener("click", (event) => {
    const look = event.target.closest?.("[data-look]");
    if (look) choose(look.dataset.look);
    else if (event.target.closest?.("[data-testid=stSidebarNavLink]")) closeMenu();
  });
  let path = location.pathname;
  window.navigation?.addEventListener("currententrychange", () => {
    if (location.pathname !== path) closeMenu();
    path = location.pathname;
  });
})();
