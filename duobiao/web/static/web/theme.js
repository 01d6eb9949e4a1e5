// Theme: runs before the first paint, so that "as the device has it" does not flash; instant when chosen.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.theme;
    root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
  };
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    const button = event.submitter;
    if (!form || !button) return;
    event.preventDefault();
    const body = new FormData(form);
    body.set("theme", button.value);
    root.dataset.theme = button.value;
    apply();
    for (const other of document.querySelectorAll("[data-theme-form] button")) {
      other.setAttribute("aria-pressed", String(other.value === button.value));
      if (other.classList.contains("chip")) other.classList.toggle("on", other.value === button.value);
    }
    form.closest("details")?.removeAttribute("open");
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => form.submit());
  });
})();
