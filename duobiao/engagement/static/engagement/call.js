// The call form: a clock that starts on demand, one way to choose a time, and links that lead to their step.
const form = document.querySelector("form[data-call]");
const clock = document.querySelector("[data-timer]");
const told = document.createElement("span");
clock?.append(told);
let began = null;

const tick = () => {
  const minutes = Math.max(1, Math.ceil((Date.now() - began) / 60000));
  const time = began.toTimeString().slice(0, 5);
  clock.hidden = false;
  told.textContent = clock.dataset.timer.replace("{time}", time).replace("{minutes}", minutes);
  const field = form.elements.minutes;
  if (!field.dataset.typed) field.value = minutes;
};
const start = () => {
  if (began) return;
  began = new Date();
  const local = new Date(began - began.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  form.elements.started_at.value = local;
  document.querySelectorAll("button[data-timer-start]").forEach((button) => { button.hidden = true; });
  tick();
  setInterval(tick, 10000);
};

if (form && clock) {
  form.elements.minutes.addEventListener("input", (event) => { event.target.dataset.typed = "1"; });
  document.querySelectorAll("[data-timer-start]").forEach((starter) => { starter.hidden = false; });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-timer-start]")) start(); });
}
// A time chosen from the list, or none, takes back the one typed.
form?.addEventListener("change", (event) => {
  if (event.target.name === "meeting_slot" && event.target.value !== "other") form.elements.meeting_at.value = "";
});
// "Fill in" leads to its field; on a phone its step must be opened first.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#proves a[href^='#']");
  const target = link && document.querySelector(link.getAttribute("href"));
  if (!target) return;
  const part = target.closest("[data-step]");
  if (!part?.hasAttribute("data-off")) return;
  const parts = [...form.querySelectorAll("[data-step]")];
  form.querySelectorAll(".step3 button")[parts.indexOf(part)]?.click();
  event.preventDefault();
  target.querySelector(".in, input")?.focus();
});
