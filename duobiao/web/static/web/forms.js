// Forms: remember that something was typed, Ctrl-Enter saves, filters send themselves, boxes that check all.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form) form.dataset.changed = "1";
  // What was wrong is being put right: the reason goes.
  event.target.removeAttribute("aria-invalid");
  event.target.closest(".f")?.querySelector(":scope > .err")?.remove();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
});
// <form data-auto>: a list's filters take effect at once; without JavaScript its button does it.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-auto]")) form.requestSubmit();
});
// <input type=checkbox data-check-all="ref">: checks every box of that name, and shows "some".
const boxes = (all) => document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.checkAll)}"]`);
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches?.("[data-check-all]")) boxes(box).forEach((other) => { other.checked = box.checked; });
  for (const all of document.querySelectorAll("[data-check-all]")) {
    const found = [...boxes(all)];
    const checked = found.filter((other) => other.checked).length;
    all.checked = checked > 0 && checked === found.length;
    all.indeterminate = checked > 0 && checked < found.length;
    for (const counter of document.querySelectorAll(`[data-count-of="${CSS.escape(all.dataset.checkAll)}"]`)) counter.textContent = checked;
    for (const bar of document.querySelectorAll(`[data-shown-with="${CSS.escape(all.dataset.checkAll)}"]`)) bar.hidden = checked === 0;
  }
});
// <fieldset data-when="kind=other">: shown while that field has that value; without JavaScript always shown.
const follow = (form) => {
  for (const part of form.querySelectorAll("[data-when]")) {
    const [name, ...rest] = part.dataset.when.split("=");
    const wanted = rest.join("=").split("|");
    const given = new FormData(form).getAll(name);
    part.hidden = !given.some((value) => wanted.includes(value));
  }
};
const followAll = (root) => root.querySelectorAll("form").forEach(follow);
// A draft that comes back changes the form as a whole.
document.addEventListener("change", (event) => {
  const form = event.target.form ?? event.target.closest?.("form");
  if (form) follow(form);
});
document.addEventListener("htmx:afterSettle", () => followAll(document));
followAll(document);
// <select data-echo="#id">: what is chosen is written there too, for when the select is folded away.
document.addEventListener("change", (event) => {
  const echo = event.target.dataset?.echo;
  if (echo) document.querySelector(echo).textContent = event.target.selectedOptions[0].text;
});
// The tab one is on, or what <… data-bring-into-view> answers, may lie outside a small screen.
const bring = (event) => {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const strip = tab.parentElement;
    strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
  }
  if (event) event.target.querySelector?.("[data-bring-into-view]")?.scrollIntoView({ block: "center" });
};
document.addEventListener("htmx:afterSettle", bring);
bring();
