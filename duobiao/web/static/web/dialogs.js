// Dialogs: a link with data-dialog opens its page's fragment in the dialog. Without JavaScript it is a plain page.
// data-dialog-url names another fragment than the page the link leads to. A form may answer into #dialog-body too.
const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");
let opener = null;

const close = () => {
  if (!dialog?.open) return;
  dialog.close();
};

const show = async (link) => {
  opener = link;
  dialog.classList.toggle("narrow", link.dataset.dialog === "narrow");
  await htmx.ajax("GET", link.dataset.dialogUrl ?? link.href, { source: link.isConnected ? link : document.body, target: body, swap: "innerHTML", headers: { "X-Dialog": "1" } });
  if (!body.childElementCount) return;
  if (!dialog.open) dialog.showModal();
  (body.querySelector("[autofocus], .in, input:not([type=hidden]), textarea") ?? dialog).focus();
};

if (dialog) {
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-dialog-close]");
    if (closer && dialog.contains(closer)) {
      event.preventDefault();
      close();
      return;
    }
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === body && body.childElementCount && !dialog.open && !opener) dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    body.replaceChildren();
    document.getElementById("dialog-notice").replaceChildren();
    opener?.focus?.();
    opener = null;
  });
  // A click on the veil closes, unless something was typed.
  dialog.addEventListener("mousedown", (event) => {
    if (event.target === dialog && !dialog.querySelector("form[data-changed]")) close();
  });
  document.addEventListener("dialog-close", close);
}

// Keyboard: ? help, N note something, G then a figure goes along the rail.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
let going = 0;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && dialog) {
    event.preventDefault();
    const link = document.createElement("a");
    link.href = document.body.dataset.keys;
    link.dataset.dialog = "narrow";
    show(link);
  } else if (event.key.toLowerCase() === "n") {
    document.querySelector(".tabbar .add")?.click();
  } else if (event.key.toLowerCase() === "g") {
    going = Date.now();
  } else if (/^[1-9]$/.test(event.key) && Date.now() - going < 1500) {
    document.querySelectorAll(".rail a:not(.brand)")[Number(event.key) - 1]?.click();
  } else if (/^[a-z]$/i.test(event.key)) {
    document.querySelector(`[data-key="${event.key.toLowerCase()}"]`)?.click(); // keys of one page: <a data-key="j">
  }
});
