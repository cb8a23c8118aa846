// Loss scaling: the numbers of a backward pass over float16's range, and what becomes of them.

const SWEEPS = ["by_loss_scale_factor", "by_trained"];
const WATCHED = [...SWEEPS, "loss_scale_factor", "trained"];
const FATES = ["lost", "faint", "full", "inf"];

/** Bars have names instead of numbers on the left. */
class Bars extends Panel {
  axes() {
    const { pen, theme, inner, width, height } = this, end = width - inner.right;
    Object.assign(pen, { fillStyle: theme.ink, strokeStyle: theme.ink, lineWidth: 1 });
    this.head();
    for (const tick of end - inner.left > 90 ? [0, 50, 100] : [0, 100])
      this.text(`${tick} %`, this.px(tick), height - 4, "center");
    this.rule(this.px(50), inner.top, this.px(50), height - inner.bottom, 0.1);
    pen.globalAlpha = 0.4;
    pen.strokeRect(inner.left, inner.top, end - inner.left, height - inner.top - inner.bottom);
    pen.globalAlpha = 1;
    this.names.forEach((name, i) =>
      this.text(name, inner.left - 6, this.py(i + 0.5) + 4, "right"));
  }
}

function render({ model, el }) {
  const scene = model.get("scene"), looks = model.get("looks");
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), { sizes, shares, parts } = panels(scene);
  const samples = FATES.map((fate) => swatch(looks[fate]));
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  const sliders = [
    ["loss_scale_factor", "loss scale s", powerOfTwo],
    ["trained", "steps of training", String],
  ].map(([name, label, text]) => slider(model, name, { label, text, changed: mail.soon }));
  root.append(
    make("div", { className: "course-row" }, ...sliders),
    make("div", { className: "course-row" }, ...FATES.map((fate, i) =>
      make("label", {}, samples[i], looks[fate].label))),
    make("div", { className: "course-panels" },
      ...[sizes, shares, parts].map(({ canvas }) => make("div", {}, canvas))),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS);
    root.classList.toggle("course-waiting", !row);
    if (row) {
      fit(sizes, row), fitShares(shares, row);
      [sizes, shares, parts].forEach((panel) => panel.begin(theme));
      drawSizes(sizes, row, scene, looks);
      drawShares(shares, row, looks);
      drawParts(parts, row, looks);
      samples.forEach((sample) => sample.paint(theme));
      say(words, row.words("told"));
      root.dataset.now = JSON.stringify(now(row, scene));
    }
    words.ariaBusy = String(!row);
  }
  return leave;
}

function panels({ lowest, bins, parts }) {
  const title = "how many numbers (signals and gradients, without zeros)";
  const label = "size as it is stored, s · g, as a power of 2";
  const all = {
    sizes: new Panel({ x: [lowest, lowest + bins], y: [0, 1], title, label, aspect: 1.7 }),
    shares: new Panel({
      x: [-0.5, 24.5], y: [0, 1], title: "lost or with fewer digits, % of all",
      label: "loss scale, as a power of 2",
    }),
    parts: new Bars({ x: [0, 100], y: [parts.length, 0], title: "each array", label: "" }),
  };
  all.parts.names = parts;
  Object.assign(all.parts.inner, { left: 100, right: 20, bottom: 20 });
  return all;
}

/** Room for the tallest bin, and for the names of the zones above it. */
function fit(panel, row) {
  const columns = FATES.map((fate) => row.column(fate));
  const tall = Math.max(...columns[0].map((_, i) => columns.reduce((sum, c) => sum + c[i], 0)));
  panel.y = [0, 1.15 * tall];
}

function fitShares(panel, row) {
  const all = ["lost", "faint"].flatMap((fate) => [...row.column(`share.${fate}`)]);
  panel.y = [0, 1.15 * Math.max(1, ...all.filter(Number.isFinite))];
}

/** The histogram, each bin stacked by what becomes of its numbers, over float16's zones. */
function drawSizes(panel, row, { lowest, bins, zones }, looks) {
  const { pen, theme, inner } = panel, floor = panel.py(0), heap = new Float32Array(bins);
  const box = (from, to, low, high) =>
    pen.fillRect(panel.px(from), high, panel.px(to) - panel.px(from), low - high);
  Object.assign(pen, { fillStyle: theme.ink, globalAlpha: 0.06 });
  box(lowest, zones[1][0], floor, 0), box(zones.at(-1)[0], lowest + bins, floor, 0);
  pen.globalAlpha = 1;
  for (const fate of FATES) {
    pen.fillStyle = theme.colour(looks[fate]);
    row.column(fate).forEach((count, i) => {
      const low = panel.py(heap[i]), high = panel.py((heap[i] += count));
      if (count) box(lowest + i, lowest + i + 1, low, high);
    });
  }
  Object.assign(pen, { strokeStyle: theme.ink, fillStyle: theme.ink });
  zones.forEach(([from, name], i) => {
    const to = zones[i + 1]?.[0] ?? lowest + bins;
    pen.setLineDash([4, 3]);
    if (i) panel.rule(panel.px(from), inner.top, panel.px(from), floor, 0.6);
    pen.setLineDash([]);
    const middle = (panel.px(from) + panel.px(to)) / 2;
    const places = [14, 28, 42].map((down) => [middle, inner.top + down, "center"]);
    panel.words(name, places, { must: true });
  });
}

/** What is lost at each scale, where overflow begins, and the scale at hand. */
function drawShares(panel, row, looks) {
  const { pen, theme, inner, height } = panel, floor = height - inner.bottom;
  const safe = row.column("facts")[1], scale = Math.log2(row.at.loss_scale_factor);
  Object.assign(pen, { fillStyle: theme.colour(looks.inf), globalAlpha: 0.25 });
  pen.fillRect(panel.px(safe + 0.5), 0, panel.width, floor);
  pen.globalAlpha = 1;
  panel.rule(panel.px(scale), inner.top, panel.px(scale), floor, 0.5);
  for (const fate of ["faint", "lost"]) {
    const share = row.column(`share.${fate}`).subarray(0, 25);
    panel.line(share.map((_, power) => power), share, looks[fate]);
    if (Number.isInteger(scale)) panel.marker(scale, share[scale], looks[fate], 4.5);
  }
  Object.assign(pen, { fillStyle: theme.ink });
  const words = `safe to ${powerOfTwo(2 ** safe, false)}`;
  panel.text(words, panel.px(safe + 0.5) - 5, inner.top + 13, "right");
}

/** Each array's numbers, by what becomes of them. */
function drawParts(panel, row, looks) {
  const { pen, theme, names } = panel;
  names.forEach((_, i) => {
    const [top, low] = [i + 0.15, i + 0.85].map((y) => panel.py(y));
    let from = 0;
    for (const fate of FATES) {
      const to = from + row.column(`part.${fate}`)[i];
      pen.fillStyle = theme.colour(looks[fate]);
      pen.fillRect(panel.px(from), top, panel.px(to) - panel.px(from), low - top);
      from = to;
    }
  });
}

/** A scale for reading: a power of two as such, and its value. */
function powerOfTwo(scale, whole = true) {
  const power = Math.log2(scale);
  if (!Number.isInteger(power)) return hundredths(scale);
  const short = `2${powerOfTen(power).slice(2)}`;
  return whole ? `${short} = ${scale}` : short;
}

/** What is drawn, as numbers: for tests, and for whoever inspects the page. */
function now(row, { parts }) {
  const sum = (column) => column.reduce((total, count) => total + count, 0);
  const counts = Object.fromEntries(FATES.map((fate) => [fate, sum(row.column(fate))]));
  const [count, safe, error] = row.column("facts");
  const lost = [...row.column("part.lost").subarray(0, parts.length)];
  return { sweep: row.sweep, at: row.at, ...counts, count, safe, error, parts: lost };
}

export default { render };
