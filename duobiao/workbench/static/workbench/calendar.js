// A planned visit dragged to another day opens the form that moves it, with that day; it stays where it is until saved.
// The small button beside it opens the same form, by keyboard and without JavaScript too.
const book = document.getElementById("calendar");
const days = book ? book.querySelectorAll("[data-day]") : [];
for (const day of days) {
  Sortable.create(day, {
    group: "visits",
    draggable: ".cal-e[data-move]",
    sort: false,
    delay: 200,
    delayOnTouchOnly: true,
    onEnd: (event) => {
      const { item, from, to, oldIndex } = event;
      if (from === to) return;
      from.insertBefore(item, from.children[oldIndex] ?? null);
      const link = document.createElement("a");
      link.dataset.dialog = "narrow";
      link.href = `${item.dataset.move}?${new URLSearchParams({ to: to.dataset.day, next: book.dataset.next })}`;
      book.append(link);
      link.click();
      link.remove();
    },
  });
}
