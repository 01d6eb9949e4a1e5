// Guided forms: <form data-steps> with parts [data-step]. On a phone one part a screen, earlier answers folded to a line;
// on the desk all parts, with the list of steps leading to them. Without JavaScript all parts, no list.
const words = JSON.parse(document.body.dataset.words);
const narrow = matchMedia("(max-width: 760px)");

const answers = (part) => {
  const texts = [];
  for (const field of part.querySelectorAll("input, select, textarea")) {
    if (field.type === "hidden" || field.type === "file" || field.closest("details:not([open])")) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) texts.push(field.closest("label")?.querySelector("span, .txt")?.textContent.trim() ?? field.value);
    } else if (field.value.trim()) texts.push(field.tagName === "SELECT" ? field.selectedOptions[0]?.textContent.trim() : field.value.trim());
  }
  return texts.filter(Boolean).join(" · ");
};

const button = (label, css, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = css;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
};

const fold = (part, open) => {
  const made = button("", "folded", open);
  const name = document.createElement("b");
  name.textContent = part.dataset.stepTitle;
  const text = document.createElement("span");
  text.className = "cut";
  text.textContent = answers(part) || "–";
  const edit = document.createElement("span");
  edit.className = "c-ours";
  edit.textContent = words.edit;
  made.append(name, text, edit);
  return made;
};

const begin = (form) => {
  if (form.dataset.stepped) return;
  form.dataset.stepped = "1";
  const parts = [...form.querySelectorAll("[data-step]")];
  if (parts.length < 2) return;
  let at = Math.max(0, parts.findIndex((part) => part.querySelector(".err, [aria-invalid=true]")));
  const list = document.createElement("ol");
  list.className = "step3";
  const folds = document.createElement("div");
  folds.className = "stack-s folds";
  const nav = document.createElement("div");
  nav.className = "step-nav";
  parts[0].before(list, folds);
  parts.at(-1).after(nav);

  const go = (n, focus = true) => {
    const leaving = parts.slice(0, n).findIndex((part) => [...part.querySelectorAll(":invalid:not(fieldset)")].length);
    if (narrow.matches && n > at && leaving >= 0 && leaving < n) {
      at = leaving;
      draw();
      parts[leaving].querySelector(":invalid:not(fieldset)").reportValidity();
      return;
    }
    at = n;
    draw();
    if (!focus) return;
    const title = parts[n].querySelector("[tabindex='-1']");
    title?.focus({ preventScroll: true });
    (narrow.matches ? list : parts[n]).scrollIntoView({ block: "start" });
    document.dispatchEvent(new CustomEvent("duobiao:announce", { detail: `${words.stepOf.replace("{n}", n + 1).replace("{total}", parts.length)}: ${parts[n].dataset.stepTitle}` }));
  };
  const draw = () => {
    form.classList.toggle("stepping", narrow.matches);
    list.replaceChildren(...parts.map((part, n) => {
      const item = document.createElement("li");
      const link = button(`${n + 1} ${part.dataset.stepTitle}`, n < at ? "done" : "", () => go(n));
      if (n === at) link.setAttribute("aria-current", "step");
      item.append(link);
      return item;
    }));
    parts.forEach((part, n) => part.toggleAttribute("data-off", n !== at));
    folds.replaceChildren(...(narrow.matches ? parts.slice(0, at).map((part, n) => fold(part, () => go(n))) : []));
    nav.replaceChildren();
    if (at > 0) nav.append(button(words.previous, "btn", () => go(at - 1)));
    if (at < parts.length - 1) nav.append(button(words.next, "btn p grow", () => go(at + 1)));
  };
  narrow.addEventListener("change", draw);
  // A field at fault on a folded step must be seen before the browser complains about it.
  form.addEventListener("invalid", (event) => {
    const n = parts.findIndex((part) => part.contains(event.target));
    if (n >= 0 && n !== at && narrow.matches) go(n, false);
  }, true);
  draw();
};

const scan = () => document.querySelectorAll("form[data-steps]").forEach(begin);
scan();
document.addEventListener("htmx:afterSettle", scan);
