// Toasts: what was done, in one sentence, from HX-Trigger {"toast": {"text", "tone"}} and from the page's own messages.
const region = document.getElementById("toasts");
const SECONDS = 6;

const sprite = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];
const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#tabler-${name}`);
  svg.append(use);
  return svg;
};

const keep = (toast) => {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", region.dataset.close);
  button.append(icon("x"));
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
  let timer = setTimeout(() => toast.remove(), SECONDS * 1000);
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => { timer = setTimeout(() => toast.remove(), SECONDS * 1000); });
};

const say = ({ text, tone = "ok" }) => {
  const toast = document.createElement("div");
  toast.className = "toast-d";
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(icon(tone === "ok" ? "circle-check" : "alert-circle"), words);
  region.append(toast);
  keep(toast);
};

if (region) {
  region.querySelectorAll(".toast-d").forEach(keep);
  document.addEventListener("toast", (event) => say(event.detail));
  document.addEventListener("duobiao:toast", (event) => say(event.detail));
}
