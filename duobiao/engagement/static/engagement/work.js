// Working through a calling list: the keys 1 to 8 press the buttons; what a button needs is asked for first.
const EDITABLE = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
let going = 0;

const lacks = (form, name) => {
  const field = form.elements[name];
  if (!field) return null;
  if (name !== "meeting_slot") return field.value ? null : field;
  const chosen = form.querySelector("[name=meeting_slot]:checked");
  if (chosen && chosen.value !== "none" && (chosen.value !== "other" || form.elements.meeting_at.value)) return null;
  return form.querySelector(chosen?.value === "other" ? "[name=meeting_at]" : "[name=meeting_slot]");
};

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "g") going = Date.now();
  const form = document.querySelector("form[data-work]");
  if (!form || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (!/^[1-8]$/.test(event.key) || event.target.closest(EDITABLE) || document.querySelector("dialog[open]") || Date.now() - going < 1500) return;
  const button = form.querySelector(`[data-key="${event.key}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  const missing = button.dataset.needs ? lacks(form, button.dataset.needs) : null;
  if (missing) {
    missing.scrollIntoView({ block: "center" });
    missing.focus();
    return;
  }
  button.click();
});
