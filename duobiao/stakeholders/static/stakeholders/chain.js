// The picture of a decision chain: the server draws it, this makes it an editor. Pan (drag, scroll, touch) and zoom (wheel, pinch,
// buttons, + − 0); move people and draw lines with mouse and keyboard. Forms and curves stay the server's; without this file the
// picture is scrolled, and everything is done by the buttons and the table.
const MOST = 2.5;
const FAR = 0.5; // below this scale only names are drawn
const DENSE = 200; // from so many lines on they are drawn thin, and those of the person pointed at stand out
const STEP = 24; // of a move by keyboard, in units of the picture
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
const announce = (text) => document.dispatchEvent(new CustomEvent("duobiao:announce", { detail: text }));
const elementOf = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

// A card as the others see it: where it stands, which lines hold on to it.
const cardOf = (link) => {
  const group = link.querySelector("g");
  const { e: x, f: y } = group.transform.baseVal.consolidate().matrix;
  const box = group.querySelector("rect");
  return { link, group, x, y, width: box.width.baseVal.value, height: box.height.baseVal.value, ref: link.dataset.person, name: link.dataset.name, lines: [] };
};
const middle = (card) => [card.x + card.width / 2, card.y + card.height / 2];

const zooming = (view, svg, box) => {
  const address = `chain ${location.pathname} ${view.dataset.layout}`;
  const value = view.parentElement.querySelector("[data-zoom-value]");
  const whole = () => Math.min(view.clientWidth / box.width, Number.parseFloat(getComputedStyle(view).maxHeight) / box.height);
  let scale = 0;
  const remember = () => sessionStorage.setItem(address, JSON.stringify([scale, view.scrollLeft, view.scrollTop]));
  const set = (wanted) => {
    scale = clamp(wanted, Math.min(whole(), 0.3), MOST);
    svg.style.width = `${Math.round(box.width * scale)}px`;
    view.classList.toggle("far", scale < FAR);
    value.textContent = `${Math.round(scale * 100)}%`;
  };
  // Zoom so that the point under the pointer stays there; many turns of the wheel within one frame count as one.
  const to = (wanted, x = view.clientWidth / 2, y = view.clientHeight / 2) => {
    const [across, down] = [(view.scrollLeft + x) / scale, (view.scrollTop + y) / scale];
    set(wanted);
    view.scrollTo(across * scale - x, down * scale - y);
    remember();
  };
  const by = (factor, x, y) => to(scale * factor, x, y);
  const fit = () => to(whole());
  const width = view.clientWidth / box.width;
  const [kept, left, top] = JSON.parse(sessionStorage.getItem(address) ?? "[]");
  set(kept ?? Math.max(width, box.width < 1200 ? 0.75 : 0.3));
  const shown = svg.querySelector(".sel")?.getBoundingClientRect();
  if (kept) view.scrollTo(left, top);
  else if (shown) view.scrollTo(shown.left - view.getBoundingClientRect().left - view.clientWidth / 2, shown.top - view.getBoundingClientRect().top - view.clientHeight / 2);
  view.addEventListener("scrollend", remember);

  let turned = 1;
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !view.contains(document.activeElement)) return;
    event.preventDefault();
    if (turned === 1) {
      const { left: from, top: under } = view.getBoundingClientRect();
      requestAnimationFrame(() => { by(turned, event.clientX - from, event.clientY - under); turned = 1; });
    }
    turned *= Math.exp(-clamp(event.deltaY, -100, 100) / (event.ctrlKey ? 120 : 400));
  }, { passive: false });
  let apart = 0;
  const spanOf = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  view.addEventListener("touchstart", (event) => { apart = event.touches.length === 2 ? spanOf(event.touches) : 0; }, { passive: true });
  view.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2 || !apart) return;
    event.preventDefault();
    const [one, other] = event.touches;
    const { left: from, top: under } = view.getBoundingClientRect();
    const span = spanOf(event.touches);
    by(span / apart, (one.clientX + other.clientX) / 2 - from, (one.clientY + other.clientY) / 2 - under);
    apart = span;
  }, { passive: false });
  return { by, fit, get scale() { return scale; } };
};

const begin = (view) => {
  if (view.dataset.begun) return;
  view.dataset.begun = "1";
  const svg = view.querySelector("svg");
  const zoom = zooming(view, svg, svg.viewBox.baseVal);
  const cards = [...svg.querySelectorAll("a[data-person]")].map(cardOf);
  const byRef = new Map(cards.map((card) => [card.ref, card]));
  const lines = [...svg.querySelectorAll("path[data-from]")];
  for (const line of lines) for (const ref of [line.dataset.from, line.dataset.to]) byRef.get(ref)?.lines.push(line);
  svg.classList.toggle("dense", lines.length > DENSE);
  const cardAt = (element) => byRef.get(element?.closest?.("a[data-person]")?.dataset.person);
  const { placeUrl, linkUrl, linking, linkTo, moved } = view.dataset;
  const grip = svg.querySelector(".grip");
  let from = null; // the card a line begins at
  let act = null; // what the pointer does: move the picture or a card, draw a line

  // Point at a card: its lines stand out, its grip is offered. By keyboard one card is in the order of tabs, arrows lead on.
  let pointed = null;
  const point = (card) => {
    if (pointed === card) return;
    pointed?.lines.forEach((line) => line.classList.remove("on"));
    card?.lines.forEach((line) => line.classList.add("on"));
    pointed = card;
    grip?.classList.toggle("shown", Boolean(card));
    if (card) grip?.setAttribute("transform", `translate(${card.x + card.width} ${card.y + card.height / 2})`);
  };
  const rove = (card) => {
    for (const other of cards) other.link.setAttribute("tabindex", other === card ? "0" : "-1");
  };
  if (cards.length) rove(cardAt(document.activeElement) ?? cardAt(svg.querySelector(".sel")) ?? cards[0]);
  svg.addEventListener("pointermove", (event) => { if (!act?.doing && !event.target.closest(".grip")) point(cardAt(event.target) ?? cardAt(document.activeElement) ?? null); });
  svg.addEventListener("focusin", (event) => {
    const card = cardAt(event.target);
    if (!card) return;
    rove(card);
    point(card);
  });

  // Draw a line: the form of lines opens with both people filled in.
  const rubber = svg.appendChild(elementOf("path", { class: "inf rubber" }));
  const stopLine = () => {
    from?.link.classList.remove("from");
    from = null;
    rubber.removeAttribute("d");
  };
  const startLine = (card) => {
    stopLine();
    from = card;
    card.link.classList.add("from");
    announce(linking.replace("{name}", card.name));
  };
  const endLine = (card) => {
    const begun = from;
    stopLine();
    if (!begun || !card || card === begun) return;
    const opener = view.parentElement.querySelector("[data-line-opener]");
    opener.dataset.dialogUrl = `${linkUrl}?from=${begun.ref}&to=${card.ref}`;
    opener.focus = () => begun.link.focus(); // where the dialog gives the focus back to
    opener.click();
  };

  // Move a card: its lines follow as straight ones until the server has drawn it where it may stand.
  const put = (card, x, y) => {
    [card.x, card.y] = [Math.max(0, x), Math.max(0, y)];
    card.group.setAttribute("transform", `translate(${card.x} ${card.y})`);
    for (const line of card.lines) {
      const ends = [line.dataset.from, line.dataset.to].map((ref) => middle(byRef.get(ref)).map(Math.round));
      line.setAttribute("d", `M${ends[0]}L${ends[1]}`);
    }
    point(null);
  };
  const save = (card) => htmx.ajax("POST", placeUrl.replace("{ref}", card.ref), {
    source: view, swap: "none", values: { layout: view.dataset.layout, x: Math.round(card.x), y: Math.round(card.y) },
  }).then(() => announce(moved.replace("{name}", card.name)));
  let later = 0;
  const nudge = (card, [across, down]) => {
    put(card, card.x + across * STEP, card.y + down * STEP);
    clearTimeout(later);
    later = setTimeout(save, 700, card);
  };

  // The pointer: on the grip it draws a line, on a card it moves the card, elsewhere the picture; touch scrolls by itself.
  const pan = (event) => {
    const begun = { left: view.scrollLeft + event.clientX, top: view.scrollTop + event.clientY };
    view.classList.add("panning");
    return { move: (to) => view.scrollTo(begun.left - to.clientX, begun.top - to.clientY), end: () => view.classList.remove("panning") };
  };
  const carry = (event, card) => {
    const begun = { x: card.x - event.clientX / zoom.scale, y: card.y - event.clientY / zoom.scale };
    return { move: (to) => put(card, begun.x + to.clientX / zoom.scale, begun.y + to.clientY / zoom.scale), end: () => save(card) };
  };
  const stretch = (card) => {
    startLine(card);
    const { left, top } = svg.getBoundingClientRect();
    const [begunX, begunY] = [left + view.scrollLeft, top + view.scrollTop];
    return {
      move: (to) => rubber.setAttribute("d", `M${card.x + card.width} ${card.y + card.height / 2}L${(to.clientX - begunX + view.scrollLeft) / zoom.scale} ${(to.clientY - begunY + view.scrollTop) / zoom.scale}`),
      end: (to) => endLine(cardAt(document.elementFromPoint(to.clientX, to.clientY))),
    };
  };
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button > 1) return;
    const [x, y] = [event.clientX, event.clientY];
    const card = cardAt(event.target);
    const gripped = event.target.closest(".grip") && pointed;
    const begun = () => (gripped ? stretch(gripped) : card && placeUrl && !event.button ? carry(event, card) : pan(event));
    if (!card && !gripped) view.focus({ preventScroll: true });
    if (!card || event.button) event.preventDefault();
    act = { x, y, begun, pointer: event.pointerId };
  });
  view.addEventListener("pointermove", (event) => {
    if (!act || event.pointerId !== act.pointer) return;
    if (!act.doing) {
      if (Math.hypot(event.clientX - act.x, event.clientY - act.y) < 4) return;
      view.setPointerCapture(event.pointerId);
      act.doing = act.begun();
    }
    act.doing.move(event);
  });
  const release = (event) => {
    const done = act;
    act = null;
    if (!done?.doing) return;
    view.addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
    setTimeout(() => view.dispatchEvent(new MouseEvent("click")), 0); // spends the guard where the browser sends no click
    done.doing.end(event);
  };
  view.addEventListener("pointerup", release);
  view.addEventListener("pointercancel", release);
  view.addEventListener("dragstart", (event) => event.preventDefault());
  view.addEventListener("click", (event) => {
    const card = cardAt(event.target);
    if (from && card) { event.preventDefault(); endLine(card); }
  });
  view.addEventListener("dblclick", (event) => { if (placeUrl && !cardAt(event.target)) document.querySelector("[data-chain-add]")?.click(); });

  const onward = (card, [across, down]) => {
    const ahead = cards.map((other) => {
      const [x, y] = [other.x - card.x, other.y - card.y];
      const along = x * across + y * down;
      return { other, along, far: along + 2 * Math.abs(x * down + y * across) };
    });
    return ahead.filter((one) => one.along > 8).sort((one, two) => one.far - two.far)[0]?.other;
  };
  const go = (card) => {
    if (!card) return true;
    card.link.focus({ preventScroll: true });
    card.link.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (from) announce(linkTo.replace("{name}", card.name));
    return true;
  };
  // Each answers whether it did something; what did nothing is the browser's.
  const keys = {
    "+": () => (zoom.by(1.25), true),
    "=": () => (zoom.by(1.25), true),
    "-": () => (zoom.by(0.8), true),
    0: () => (zoom.fit(), true),
    l: (card) => Boolean(card && linkUrl) && (startLine(card), true),
    Enter: (card) => Boolean(card && from) && (endLine(card), true),
    Escape: () => Boolean(from) && (stopLine(), true),
  };
  const arrow = (event, card) => card && (event.shiftKey ? Boolean(placeUrl) && (nudge(card, WAYS[event.key]), true) : go(onward(card, WAYS[event.key])));
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const card = cardAt(event.target);
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!(WAYS[key] ? arrow(event, card) : keys[key]?.(card))) return;
    event.preventDefault();
    event.stopPropagation();
  });
  view.parentElement.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) ({ in: () => zoom.by(1.25), out: () => zoom.by(0.8), all: () => zoom.fit() })[button.dataset.zoom]();
  });
};

// The picture file as PNG: the SVG of the server, painted by the browser, which has the fonts.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-png]");
  if (!button) return;
  button.disabled = true;
  try {
    const answer = await fetch(button.dataset.png);
    if (!answer.ok) throw new Error(answer.statusText);
    const address = URL.createObjectURL(new Blob([await answer.text()], { type: "image/svg+xml" }));
    const picture = Object.assign(new Image(), { src: address });
    await picture.decode();
    const scale = Math.min(2, 12000 / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * scale, height: picture.height * scale });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    const file = await new Promise((made) => { canvas.toBlob(made, "image/png"); });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: button.dataset.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } catch {
    document.dispatchEvent(new CustomEvent("duobiao:toast", { detail: { text: button.dataset.failed, tone: "bad" } }));
  } finally {
    button.disabled = false;
  }
});

const scan = () => document.querySelectorAll(".chain-view").forEach(begin);
scan();
document.addEventListener("htmx:afterSettle", scan);
