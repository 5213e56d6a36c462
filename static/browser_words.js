(() => {
  // [plain texts, [before, after, ours] of those with a gap] by language
  const WORDS = {};
  const NAMES = ["aria-label", "title", "placeholder"];
  const OURS = "[data-testid=stHtml], [data-testid=stPlotlyChart], textarea, style, script";
  const spoken = () => {
    const asked = new URLSearchParams(location.search).get("lang");
    const [plain, gaps] = WORDS[asked] ?? WORDS[document.documentElement.lang] ?? [{}, []];
    return (text) => {
      const bare = text.trim();
      if (Object.hasOwn(plain, bare)) return plain[bare];
      for (const [before, after, ours] of gaps)
        if (bare.length > before.length + after.length && bare.startsWith(before) && bare.endsWith(after))
          return ours.replace("{}", () => bare.slice(before.length, bare.length - after.length));
      return text;
    };
  };
  const put = (node, say) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.nodeValue, ours = say(text);
      if (ours !== text) node.nodeValue = ours;
      return;
    }
    for (const name of NAMES) {
      const text = node.getAttribute(name);
      if (text && say(text) !== text) node.setAttribute(name, say(text));
    }
  };
  const speak = (root, say) => {
    const element = root.nodeType === Node.TEXT_NODE ? root.parentElement : root;
    if (!(element instanceof Element) || element.closest(OURS)) return;
    const isOurs = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches(OURS);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      isOurs(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    for (let node = root; node; node = walker.nextNode()) put(node, say);
  };
  new MutationObserver((changes) => {
    const say = spoken();
    for (const change of changes) {
      if (change.type === "childList") for (const node of change.addedNodes) speak(node, say);
      else if (change.type === "characterData") speak(change.target, say);
      else if (!change.target.closest(OURS)) put(change.target, say);
    }
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES});
})();
