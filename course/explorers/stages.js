// One weight on its way through all stages of a call: a row a stage, with what comes in and goes
// out as numbers and as arrows on the gradient's and the weight's axis; below, call after call.

const orOff = (value) => (value === null ? "off" : hundredths(value));
const ARGUMENTS = {
  learning_rate: { label: "learning_rate η", text: hundredths },
  momentum: { label: "momentum β", text: hundredths },
  weight_decay: { label: "weight_decay", text: hundredths },
  clipvalue: { label: "clipvalue", text: orOff },
  ema_momentum: { label: "ema_momentum m", text: orOff },
};
const SWEEPS = Object.keys(ARGUMENTS).map((name) => `by_${name}`);
const FOOT = 36; // pixels of the axis below the last row
const LAYOUT = `
.course-stages { width: 100%; border-spacing: 0; table-layout: fixed; font: inherit; }
.course-explorer .course-stages :is(th, td) {
  padding: 0 10px 0 0; text-align: right; font-weight: normal; white-space: nowrap;
  border: 0; background: none; color: inherit; font-size: 12px; line-height: 1.25;
  font-variant-numeric: tabular-nums;
}
.course-explorer { --course-high: clamp(32px, 3.8vh, 38px); }
.course-explorer .course-stages tr { background: none; height: var(--course-high); }
.course-explorer .course-stages thead tr { height: 22px; opacity: 0.7; }
.course-explorer .course-stages tr.course-foot { height: ${FOOT}px; }
.course-explorer .course-stages th[scope="row"] { text-align: left; padding-right: 4px; }
.course-stages th b { display: block; font-size: 13px; }
.course-stages .course-off > :not(.course-axis) { opacity: 0.62; }
.course-explorer .course-stages td.course-axis { padding: 0; vertical-align: top; }
.course-stages .course-axis > canvas { height: 100%; }
.course-explorer .course-over { height: min(130px, 13vh); }
.course-arguments { display: grid; gap: 2px 20px; margin-bottom: 6px; }
.course-arguments { grid-template-columns: repeat(auto-fill, minmax(min(265px, 100%), 1fr)); }
.course-arguments label { display: flex; gap: 8px; align-items: center; }
.course-arguments input { flex: 1; min-width: 0; margin: 0; }
.course-explorer .course-arguments span { min-width: 9.8em; }
.course-arguments output { width: 2.4em; font-variant-numeric: tabular-nums; }
/* Beside an open file browser the pictures stand below the numbers of their stages. */
@container (max-width: 460px) {
  .course-explorer .course-stages { --course-high: 22px; }
  .course-stages, .course-stages tbody { display: block; }
  .course-stages tr { display: contents; }
  .course-stages :is(tbody, thead) { display: grid; align-items: center; margin-bottom: 6px;
    grid-template-columns: 1fr 68px 58px 58px; row-gap: 6px; }
  .course-explorer .course-stages :is(th, td) { padding: 0; font-size: 11px; }
  .course-explorer .course-stages th[scope="row"] { white-space: normal; }
  .course-explorer .course-stages td.course-axis { grid-column: 1 / -1; order: 1; }
  .course-stages :is(colgroup, .course-foot, thead td) { display: none; }
}`;

function render({ model, el }) {
  const scene = model.get("scene"), looks = model.get("looks"), arrows = model.get("arrows");
  const watched = [...SWEEPS, ...Object.keys(ARGUMENTS), ...Object.keys(scene.on), "step"];
  const { root, redraw, leave } = stage(model, el, watched, draw), mail = courier(model);
  const buttons = transport(model, redraw, { label: "call", pace: 700 });
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  const table = stagesTable(scene), last = model.get("positions").step.at(-1);
  const over = overCalls(scene.frames.weight, last);
  const samples = Object.values(looks).map(swatch);
  const legend = Object.values(looks).map((look, i) => make("label", {}, samples[i], look.label));
  root.append(
    make("style", { textContent: LAYOUT }),
    make("div", { className: "course-arguments" },
      ...Object.entries(ARGUMENTS).map(([name, traits]) =>
        slider(model, name, { ...traits, changed: mail.soon }))),
    make("div", { className: "course-row" },
      ...Object.entries(scene.on).map(([name, on]) => onOff(model, name, on, mail.soon))),
    make("div", { className: "course-row" }, ...buttons.parts),
    table.part,
    make("div", { className: "course-row" }, ...legend,
      make("label", {}, arrowSample(arrows.kept), "kept: β · velocity"),
      make("label", {}, arrowSample(arrows.push), "push: −η · gradient")),
    make("div", {}, over.canvas), words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const now = numbersAt(row, scene.columns, k);
      table.draw(theme, row.at, now, { ...looks, ...arrows });
      drawOver(over, theme, row, k, looks);
      samples.forEach((sample) => sample.paint(theme));
      say(words, row.words(String(k)));
      root.dataset.now = JSON.stringify({ step: k, sweep: row.sweep, at: row.at, ...now });
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || !row);
  }
  return () => (buttons.stop(), leave());
}

/** A box that switches an argument between a value and off. */
function onOff(model, name, value, changed) {
  const box = make("input", { type: "checkbox" });
  const off = value === true ? false : null;
  const show = () => (box.checked = model.get(name) !== off);
  box.onchange = () => (model.set(name, box.checked ? value : off), changed());
  model.on(`change:${name}`, show);
  show();
  return make("label", {}, box, value === true ? name : `${name}=${value}`);
}

/** A call's numbers by their names; null where there is none. */
function numbersAt(row, names, k) {
  const at = (name) => (Number.isNaN(row.column(name)[k]) ? null : row.column(name)[k]);
  return Object.fromEntries(names.map((name) => [name, at(name)]));
}

// ---- the table of stages ------------------------------------------------------------------

/** What a stage does, and whether it acts in this call, from its argument. */
function doings(at, now) {
  const { loss_scale_factor: scale, gradient_accumulation_steps: count, clipvalue: c } = at;
  const { ema_momentum: m, ema_overwrite_frequency: often } = at;
  const wait = !now.due, call = now.due !== null;
  return {
    unscale: [scale ? `÷ ${scale}` : "no loss scale", scale && call],
    accumulate: [!count ? "every call updates" : wait ? "add to the sum" : `mean of ${count}`,
      count && call],
    clip: [c === null ? "off" : `to ±${hundredths(c)}`, c !== null && !wait],
    decay: ["− η · weight_decay · w", at.weight_decay && !wait],
    velocity: [at.momentum ? "β · v − η · g" : "no momentum", at.momentum && !wait],
    move: [!at.momentum ? "w − η · g" : at.nesterov ? "w + β · v − η · g" : "w + v", !wait],
    average: [m === null ? "off" : "m · average + (1 − m) · w", m !== null && call],
    overwrite: [often ? `w := average, every ${often}` : "off", now.overwritten],
  };
}

function stagesTable({ rows, frames }) {
  const heads = ["stage", "remembered", "comes in", "goes out"].map((text, i) =>
    make("th", { textContent: text, scope: "col", style: i ? "" : "text-align: left" }));
  const widths = ["164px", "86px", "68px", "70px", ""].map((width) =>
    make("col", { style: `width: ${width}` }));
  const part = make("table", { className: "course-stages" },
    make("colgroup", {}, ...widths),
    make("thead", {}, make("tr", {}, ...heads, make("td"))));
  const lines = {}, panels = {};
  for (const [axis, frame] of Object.entries(frames)) {
    const its = rows.filter((row) => row[1] === axis), body = make("tbody");
    const panel = (panels[axis] = new Rows(axis, frame, its.map(([name]) => name)));
    its.forEach(([name], i) => {
      const text = make("span"), cells = [0, 1, 2].map(() => make("td"));
      const head = make("th", { scope: "row" }, make("b", {}, name), text);
      const line = make("tr", {}, head, ...cells), rowSpan = its.length + 1;
      if (!i) line.append(make("td", { className: "course-axis", rowSpan }, panel.canvas));
      lines[name] = { line, text, cells };
      body.append(line);
    });
    body.append(make("tr", { className: "course-foot" }, make("td", { colSpan: 4 })));
    part.append(body);
  }
  function draw(theme, at, now, looks) {
    const does = doings(at, now);
    for (const [name, , before, after, memory] of rows) {
      const { line, text, cells } = lines[name], [what, acts] = does[name];
      const out = name === "accumulate" && !now.due ? "sum.after" : after;
      text.textContent = what;
      line.classList.toggle("course-off", !acts);
      [memory && `${memory}.before`, before, out]
        .forEach((key, i) => (cells[i].textContent = key ? fixed(now[key]) : ""));
    }
    drawGradient(panels.gradient, theme, now, looks, at);
    drawWeight(panels.weight, theme, now, looks, at);
  }
  return { part, draw };
}

const fixed = (value) =>
  value === null ? "–" : decimal((Math.abs(value) < 5e-5 ? 0 : value).toFixed(4));

/** A panel with a row for each stage, in the place of a y axis. */
class Rows extends Panel {
  constructor(title, x, names) {
    super({ x, y: [-names.length, 0], title: `the stages ${names.join(", ")}`, label: title });
    Object.assign(this, { names, inner: { left: 14, top: 0, right: 8, bottom: FOOT } });
    this.canvas.style.height = `calc(var(--course-high) * ${names.length} + ${FOOT}px)`;
  }

  wrap(pen) {
    super.wrap(pen);
    const { display } = getComputedStyle(this.canvas.closest("tbody"));
    this.alone = display === "grid"; // below its numbers, so that its rows need names
    this.inner.left = this.alone ? 72 : 14;
  }

  axes() {
    const { pen, theme, inner, width, height } = this, floor = height - inner.bottom;
    Object.assign(pen, { fillStyle: theme.ink, strokeStyle: theme.ink, lineWidth: 1 });
    for (const tick of ticks(this.x, width / 45)) {
      this.rule(this.px(tick), inner.top, this.px(tick), floor, tick ? 0.1 : 0.4);
      this.text(decimal(+tick.toPrecision(6)), this.px(tick), floor + 14, "center");
    }
    this.text(this.label, (inner.left + width - inner.right) / 2, height - 6, "center", 12);
    this.names.forEach((name, i) => {
      if (this.alone) this.text(name, 0, this.py(-0.5 - i) + 4, "left");
      const y = this.py(-1 - i), last = i === this.names.length - 1;
      this.rule(inner.left, y, width - inner.right, y, last ? 0.4 : 0.1);
    });
  }

  /** A stage's arrow from what comes in to what goes out; where nothing moves, a dot alone. */
  way(row, from, to, look) {
    if (from === null || to === null) return;
    const { pen } = this, y = this.py(-0.5 - row), [x0, x1] = [this.px(from), this.px(to)];
    const neck = x1 - Math.sign(x1 - x0) * Math.min(9, Math.abs(x1 - x0));
    pen.fillStyle = pen.strokeStyle = this.theme.colour(look);
    pen.lineWidth = 2.5;
    pen.beginPath(), pen.moveTo(x0, y), pen.lineTo(neck, y), pen.stroke();
    pen.beginPath(), pen.arc(x0, y, 3, 0, 2 * Math.PI), pen.fill();
    pen.beginPath(), pen.moveTo(x1, y), pen.lineTo(neck, y - 4.5), pen.lineTo(neck, y + 4.5);
    pen.fill();
  }

  /** A thin line down from one row to the next: what goes out there comes in here. */
  down(row, x, rows = 1) {
    const at = this.px(x), y = -0.5 - row;
    if (x !== null) this.rule(at, this.py(y), at, this.py(y - rows), 0.35);
  }
}

function drawGradient(panel, theme, now, { weight, push }, { clipvalue }) {
  const green = { colour: push, dark: push };
  panel.begin(theme);
  panel.pen.setLineDash([2, 3]);
  for (const edge of clipvalue === null ? [] : [-clipvalue, clipvalue])
    panel.rule(panel.px(edge), panel.py(-2), panel.px(edge), panel.py(-3), 0.8);
  panel.pen.setLineDash([]);
  panel.down(0, now["g.true"]), panel.down(1, now["g.mean"]);
  panel.way(0, now["g.arrived"], now["g.true"], green);
  if (now.due) panel.way(1, now["g.true"], now["g.mean"], green);
  else panel.way(1, now["sum.before"], now["sum.after"], weight);
  panel.way(2, now["g.mean"], now["g.clipped"], green);
}

function drawWeight(panel, theme, now, { weight, average, kept, push }, { momentum }) {
  const w = now["w.decayed"], rolled = w + (momentum ? now["v.kept"] : 0);
  panel.begin(theme);
  panel.down(0, w, 2), panel.down(2, now["w.moved"], 2);
  panel.way(0, now["w.before"], w, weight);
  if (now.due) {
    panel.way(1, rolled, rolled + now["v.push"], { colour: push, dark: push });
    if (momentum) panel.way(1, w, rolled, { colour: kept, dark: kept });
  }
  panel.way(2, w, now["w.moved"], weight);
  panel.way(3, now["a.before"], now["a.after"], average);
  panel.way(4, now["w.moved"], now["w.after"], weight);
}

// ---- call after call ----------------------------------------------------------------------

function overCalls(frame, last) {
  const titles = { title: "after each call", label: "call" };
  const panel = new Panel({ x: [0, 1.01 * last], y: frame, ...titles });
  panel.canvas.className = "course-over";
  panel.inner.right = 14;
  return panel;
}

function drawOver(panel, theme, row, k, looks) {
  panel.begin(theme);
  panel.rule(panel.px(k), 0, panel.px(k), panel.height - panel.inner.bottom, 0.4);
  for (const [key, look] of Object.entries(looks)) {
    const values = row.column(`${key[0]}.after`), steps = Array.from(values, (_, i) => i);
    panel.line(steps, values, look, { alpha: 0.35, width: 1.3 });
    panel.line(steps, values, look, { to: k });
    panel.marker(k, values[k], look, 5.5);
  }
}

export default { render };
