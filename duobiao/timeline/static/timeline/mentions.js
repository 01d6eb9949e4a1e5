// Offers colleagues while somebody types @ in a comment. Without it a typed name works as well.
const WAIT = 150;
let timer = 0;
let list = null;

function typed(field) {
  const before = field.value.slice(0, field.selectionStart);
  const found = /@([^\s@,;:!?，。；：、！？]{0,30})$/.exec(before);
  return found ? { text: found[1], start: before.length - found[1].length } : null;
}

function close(field) {
  if (list) list.remove();
  list = null;
  field.removeAttribute("aria-controls");
  field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-expanded", "false");
}

function select(field, index) {
  const options = [...list.children];
  options.forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
  field.setAttribute("aria-activedescendant", options[index].id);
}

function selected() {
  return [...list.children].findIndex((option) => option.getAttribute("aria-selected") === "true");
}

function insert(field, handle) {
  const place = typed(field);
  if (!place) return close(field);
  const rest = field.value.slice(field.selectionStart);
  const head = `${field.value.slice(0, place.start)}${handle} `;
  field.value = head + rest;
  field.setSelectionRange(head.length, head.length);
  close(field);
  field.focus();
}

function show(field, people) {
  close(field);
  if (!people.length) return;
  list = document.createElement("ul");
  list.className = "mention-list";
  list.id = "mention-list";
  list.setAttribute("role", "listbox");
  people.forEach((person, index) => {
    const option = document.createElement("li");
    option.id = `mention-${index}`;
    option.setAttribute("role", "option");
    option.textContent = person.handle === person.name ? person.name : `${person.name} · ${person.handle}`;
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      insert(field, person.handle);
    });
    option.dataset.handle = person.handle;
    list.append(option);
  });
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "true");
  select(field, 0);
}

async function ask(field) {
  const place = typed(field);
  if (!place) return close(field);
  const address = new URL(field.dataset.mentions, location.href);
  address.searchParams.set("q", place.text);
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || !typed(field)) return close(field);
  show(field, (await answer.json()).people);
}

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-mentions]");
  if (!field) return;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  clearTimeout(timer);
  timer = setTimeout(() => ask(field), WAIT);
});

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-mentions]");
  if (!field || !list) return;
  const here = selected();
  const count = list.children.length;
  if (event.key === "ArrowDown") select(field, (here + 1) % count);
  else if (event.key === "ArrowUp") select(field, (here + count - 1) % count);
  else if (event.key === "Enter" || event.key === "Tab") insert(field, list.children[here].dataset.handle);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
});

document.addEventListener("focusout", (event) => {
  const field = event.target.closest?.("[data-mentions]");
  if (field) close(field);
});
