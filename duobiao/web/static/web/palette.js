// Palette: Ctrl-K or / searches records; with nothing typed it lists the places. Arrows choose, Enter opens, Escape closes.
const palette = document.getElementById("palette");

if (palette) {
  const words = JSON.parse(document.body.dataset.words);
  const input = palette.querySelector("[data-palette-input]");
  const found = document.getElementById("palette-found");
  const start = palette.querySelector("[data-palette-start]");
  const action = palette.querySelector("form").action;
  let at = -1;
  let timer;
  let running;

  const links = () => [...found.querySelectorAll("a[href]")];
  const choose = (n) => {
    const all = links();
    at = all.length ? (n + all.length) % all.length : -1;
    all.forEach((link, m) => link.setAttribute("aria-selected", String(m === at)));
    input.setAttribute("aria-activedescendant", all[at]?.id ?? "");
    all[at]?.scrollIntoView({ block: "nearest" });
  };
  const ready = (count) => {
    found.querySelectorAll("ul").forEach((element) => element.setAttribute("role", "group"));
    found.querySelectorAll("li, h3").forEach((element) => element.setAttribute("role", "presentation"));
    links().forEach((link, n) => {
      link.id = `palette-${n}`;
      link.setAttribute("role", "option");
      link.tabIndex = -1;
    });
    choose(0);
    if (count) document.dispatchEvent(new CustomEvent("duobiao:announce", { detail: links().length ? words.results.replace("{n}", links().length) : words.none }));
  };
  const places = () => {
    found.replaceChildren(start.content.cloneNode(true));
    ready(false);
  };
  const search = async () => {
    const q = input.value.trim();
    running?.abort();
    if (!q) return places();
    running = new AbortController();
    try {
      const answer = await fetch(`${action}?q=${encodeURIComponent(q)}`, { headers: { "HX-Request": "true" }, signal: running.signal });
      if (!answer.ok) return undefined;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      found.replaceChildren(...page.body.childNodes);
      if (!links().length && !found.textContent.trim()) found.textContent = words.none;
      return ready(true);
    } catch (error) {
      if (error.name !== "AbortError") found.textContent = words.lost;
      return undefined;
    }
  };
  const open = () => {
    if (palette.open) return;
    palette.showModal();
    input.select();
    input.focus();
    if (!input.value) places();
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("a[data-palette]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      palette.open ? palette.close() : open();
    } else if (event.key === "/" && !typing && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      palette.close();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && links()[at]) {
      event.preventDefault();
      location.assign(links()[at].href);
    }
  });
  palette.addEventListener("mousedown", (event) => {
    if (event.target === palette) palette.close();
  });
}
