// Drafts: <form data-autosave="key"> keeps what was typed on this device until it is saved on the server.
// After a loss of signal the note in the dock says so; on return the draft comes back with its time.
const words = JSON.parse(document.body.dataset.words);
const PREFIX = "duobiao-draft:";
const SKIP = new Set(["csrfmiddlewaretoken", "form_token", "version"]);
const DAYS = 14;

const key = (form) => PREFIX + form.dataset.autosave;
const clock = (moment) => {
  const language = document.documentElement.lang;
  const text = new Date(moment).toLocaleString(language, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  return language.startsWith("zh") ? text.replace("/", "-") : text;
};
const read = (form) => {
  try { return JSON.parse(localStorage.getItem(key(form))); } catch { return null; }
};
const values = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIP.has(name));
const note = (form, text, offline = false) => {
  const box = form.querySelector("[data-draft-note]");
  if (!box) return;
  box.textContent = text ? ` ${text}` : "";
  box.classList.toggle("offline", offline);
};
const say = (form, at) => note(form, navigator.onLine ? words.savedAt.replace("{time}", clock(at)) : `${words.offline} · ${clock(at)}`, !navigator.onLine);
const save = (form) => {
  if (!form.isConnected) return;
  const draft = { at: Date.now(), values: values(form) };
  try { localStorage.setItem(key(form), JSON.stringify(draft)); } catch { return; }
  say(form, draft.at);
};
const forget = (form) => {
  localStorage.removeItem(key(form));
  note(form, "");
};

const fill = (form, draft) => {
  const held = new Map();
  for (const [name, value] of draft.values) held.set(name, [...(held.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || SKIP.has(field.name) || field.type === "file" || field.type === "hidden") continue;
    const given = held.get(field.name) ?? [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = given.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = given.includes(option.value);
    else if (given.length) field.value = given.shift();
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
};

const offer = (form, draft) => {
  const notice = document.createElement("div");
  notice.className = "note ours center";
  notice.setAttribute("role", "status");
  const text = document.createElement("div");
  text.className = "grow";
  text.textContent = words.restored.replace("{time}", clock(draft.at));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn s";
  button.textContent = words.discard;
  button.addEventListener("click", () => {
    forget(form);
    form.reset();
    notice.remove();
  });
  notice.append(text, button);
  form.prepend(notice);
};

const begin = (form) => {
  if (form.dataset.drafting) return;
  form.dataset.drafting = "1";
  const draft = read(form);
  if (draft && Date.now() - draft.at > DAYS * 864e5) forget(form);
  else if (draft && !form.querySelector("[aria-invalid=true], .err")) {
    fill(form, draft);
    offer(form, draft);
    say(form, draft.at);
  }
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(form), 600);
  });
  form.addEventListener("duobiao:unsent", () => save(form));
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || !event.detail.successful) return;
    clearTimeout(timer);
    forget(form);
  });
  // A plain submit: the draft goes once another page arrives; if this one comes back refused, it is typed in anyway.
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      event.stopImmediatePropagation();
      save(form);
      form.dispatchEvent(new CustomEvent("duobiao:release", { bubbles: true }));
    } else if (!form.matches("[hx-post], [data-hx-post]")) {
      clearTimeout(timer);
      sessionStorage.setItem("duobiao-sent", key(form));
    }
  }, true);
};

const sent = sessionStorage.getItem("duobiao-sent");
if (sent && !document.querySelector(".err, [aria-invalid=true]")) localStorage.removeItem(sent);
sessionStorage.removeItem("duobiao-sent");
const scan = () => document.querySelectorAll("form[data-autosave]").forEach(begin);
scan();
document.addEventListener("htmx:afterSettle", scan);
for (const name of ["online", "offline"]) {
  addEventListener(name, () => document.querySelectorAll("form[data-autosave]").forEach((form) => {
    const draft = read(form);
    if (draft) say(form, draft.at);
    else if (name === "offline") note(form, words.offline, true);
  }));
}
