// Requests: what htmx does around a swap: waiting bar, one submit at a time, focus, lost connections, menus.
const words = JSON.parse(document.body.dataset.words);
const announce = (text) => {
  const box = document.getElementById("announcer");
  if (box) box.textContent = text;
};
document.addEventListener("duobiao:announce", (event) => announce(event.detail));

// One submit at a time: the button is disabled and keeps its words, so its width too.
const hold = (form, submitter) => {
  const button = submitter ?? form.querySelector("[type=submit], button:not([type])");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  requestAnimationFrame(() => { button.disabled = Boolean(form.dataset.sending); });
};
const release = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (form.dataset.sending || (question && !confirm(question))) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method !== "post" || form.matches("[data-theme-form]") || event.submitter?.matches("[data-download]")) return;
  form.dataset.sending = "1";
  hold(form, event.submitter);
  if (!form.matches("[hx-post], [data-hx-post]")) setTimeout(() => release(form), 8000);
}, true);
document.addEventListener("duobiao:release", (event) => release(event.target));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

// The waiting bar appears after 300 ms (the delay is in the style sheet).
let open = 0;
const busy = (change) => {
  open = Math.max(0, open + change);
  document.body.classList.toggle("busy", open > 0);
};
document.addEventListener("htmx:beforeRequest", () => busy(1));
document.addEventListener("htmx:afterRequest", () => busy(-1));

// After a swap: focus what was refused, else keep the focus where it was.
document.addEventListener("htmx:afterSettle", (event) => {
  const root = event.detail.elt ?? event.target;
  if (!root.querySelector) return;
  const wrong = root.querySelector("[data-focus], [aria-invalid=true], .err");
  if (!wrong) return;
  const target = wrong.matches(".err") ? wrong.closest(".f")?.querySelector("input, select, textarea") ?? wrong : wrong;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.closest("dialog")) event.detail.headers["X-Dialog"] = "1";
});
// Sent elsewhere (the session has ended): a whole page came instead of a part, so go there.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href).pathname;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked || !/^\s*<!doctype html/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  location.assign(xhr.responseURL);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const dialog = document.querySelector("#dialog[open]");
  if (dialog && event.detail.target.id === "page-notice") event.detail.target = document.getElementById("dialog-notice");
  if (event.detail.xhr.status < 400) document.getElementById("page-notice")?.replaceChildren();
});
document.addEventListener("htmx:afterSwap", () => {
  const notice = document.getElementById("page-notice");
  if (notice?.childElementCount) notice.scrollIntoView({ block: "center" });
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    document.dispatchEvent(new CustomEvent("duobiao:toast", { detail: { text: words.lost, tone: "bad" } }));
    const form = event.target.closest?.("form");
    if (form) form.dispatchEvent(new CustomEvent("duobiao:unsent", { bubbles: true }));
  });
}

// Menus are details: close on Escape, on a click elsewhere, and once a file was chosen, since the page stays.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest("a[download]")) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-confirm]:not(form, [type=submit], button)");
  if (link && !confirm(link.dataset.confirm)) event.preventDefault();
  if (event.target.closest("[data-retry]")) {
    event.preventDefault();
    location.reload();
  }
  if (event.target.closest("[data-back]") && history.length > 1) {
    event.preventDefault();
    history.back();
  }
  if (event.target.closest("[data-print]")) print();
});
