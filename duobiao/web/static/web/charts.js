// Charts over time: <figure data-chart="id of a table"> draws what the table beside it holds. Heads with data-series (step, line,
// bar, points) are drawn, their cells carry data-value; the first cell of a row carries its day. Loads the library when first seen.
const names = { ours: "--ours-fill", buyer: "--buyer-fill", ok: "--ok-fill", bad: "--bad-fill", lag: "--lag-line" };
const drawn = new Map();
let library;

const load = (address) =>
  (library ??= new Promise((found, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => found(window.echarts));
    script.addEventListener("error", () => failed(new Error(address)));
    document.head.append(script);
  }));

const colour = (figure, name) => {
  figure.style.color = `var(${name})`;
  const found = getComputedStyle(figure).color;
  figure.style.color = "";
  return found;
};

const dayOf = (time, options) => new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "UTC", ...options }).format(time);

const read = (table) => {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows].filter((row) => row.cells[0]?.dataset.value);
  return heads.flatMap((head, at) => {
    if (!head.dataset.series) return [];
    const points = rows.flatMap((row) => {
      const cell = row.cells[at];
      return cell?.dataset.value ? [{ value: [row.cells[0].dataset.value, Number(cell.dataset.value)], words: row.dataset.words ?? "" }] : [];
    });
    return [{ name: head.textContent.trim(), kind: head.dataset.series, tone: head.dataset.tone ?? "ours", side: Number(head.dataset.side ?? 0), points }];
  });
};

const shape = { step: ["line", "rect"], line: ["line", "circle"], bar: ["bar", "rect"], points: ["scatter", "rect"] };

const seriesOf = (figure, column, today) => ({
  name: column.name,
  type: shape[column.kind][0],
  yAxisIndex: column.side,
  step: column.kind === "step" ? "end" : false,
  symbol: column.kind === "points" ? "diamond" : column.tone === "ours" ? "circle" : "roundRect",
  symbolSize: column.kind === "points" ? 17 : 7,
  barMaxWidth: 22,
  data: column.points,
  color: colour(figure, names[column.tone]),
  lineStyle: { width: 2.5, type: column.tone === "buyer" ? [6, 4] : "solid" },
  markLine: today && { silent: true, symbol: "none", animation: false, data: [{ xAxis: today }], label: { show: true, formatter: figure.dataset.todayWords, color: colour(figure, "--ink-2") }, lineStyle: { color: colour(figure, "--ink-3") } },
});

// On a narrow figure the legend is a column above the chart, for its words would break over two lines and lie on the chart.
const NARROW = 560;
const headOf = (width, count) => {
  const narrow = width < NARROW;
  return {
    grid: { left: 12, right: 20, top: narrow ? 22 * count + 30 : 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, orient: narrow ? "vertical" : "horizontal", itemGap: narrow ? 8 : 10, itemWidth: 18 },
  };
};

const optionOf = (figure, table) => {
  const columns = read(table).filter((column) => column.points.length);
  const [ink, line] = [colour(figure, "--ink-2"), colour(figure, "--line")];
  const monthly = figure.dataset.by === "month";
  const label = (value) => dayOf(Number(value), monthly ? { year: "2-digit", month: "short" } : { year: "2-digit", month: "numeric", day: "numeric" });
  const head = headOf(figure.clientWidth, columns.length);
  const sides = [...new Set(columns.map((column) => column.side))];
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    grid: head.grid,
    legend: { ...head.legend, textStyle: { color: ink } },
    tooltip: {
      renderMode: "richText",
      trigger: "item",
      backgroundColor: colour(figure, "--surface"),
      borderColor: line,
      textStyle: { color: colour(figure, "--ink") },
      formatter: (point) => `${label(Date.parse(point.value[0]))}\n${point.seriesName} ${point.value[1]}${point.data.words ? `\n${point.data.words}` : ""}`,
    },
    xAxis: { type: "time", axisLabel: { formatter: label, hideOverlap: true, color: ink }, axisLine: { lineStyle: { color: line } }, splitLine: { show: false } },
    yAxis: (sides.length ? sides : [0]).map((side) => ({
      type: "value",
      min: 0,
      max: side === 0 && figure.dataset.max ? Number(figure.dataset.max) : null,
      minInterval: 1,
      axisLabel: { color: ink, formatter: side === 1 ? "{value}%" : "{value}" },
      splitLine: { show: side === 0, lineStyle: { color: line } },
    })),
    series: columns.map((column, at) => seriesOf(figure, column, at === 0 ? figure.dataset.today : "")),
  };
};

const draw = async (figure) => {
  const table = document.getElementById(figure.dataset.chart);
  if (!table) return;
  try {
    const echarts = await load(figure.dataset.library);
    if (!figure.isConnected) return;
    figure.hidden = false;
    const chart = drawn.get(figure) ?? echarts.init(figure, null, { renderer: "canvas" });
    drawn.set(figure, chart);
    chart.setOption(optionOf(figure, table), true);
    sizes.observe(figure);
  } catch {
    figure.hidden = true; // the table holds the same figures
  }
};

const sizes = new ResizeObserver((changed) => changed.forEach((entry) => {
  const chart = drawn.get(entry.target);
  if (!chart) return;
  chart.resize();
  chart.setOption(headOf(entry.contentRect.width, chart.getOption().series.length));
}));
const sights = new IntersectionObserver((seen) => {
  for (const entry of seen) if (entry.isIntersecting) { sights.unobserve(entry.target); draw(entry.target); }
}, { rootMargin: "200px" });

const scan = () => {
  for (const [figure, chart] of drawn) if (!figure.isConnected) { chart.dispose(); drawn.delete(figure); }
  document.querySelectorAll("figure[data-chart]").forEach((figure) => drawn.has(figure) || sights.observe(figure));
};

scan();
document.addEventListener("htmx:afterSettle", scan);
new MutationObserver(() => drawn.forEach((_, figure) => draw(figure))).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
