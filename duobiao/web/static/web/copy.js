// A button that copies what stands in the element it names; without JavaScript one marks the text.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
    button.querySelector("span").textContent = button.dataset.copied;
  });
}
