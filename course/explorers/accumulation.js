// Gradient accumulation: one weight over the calls, the gradients of a group, the accumulator.

const SWEEPS = ["by_gradient_accumulation_steps", "by_learning_rate"];
const WATCHED = [...SWEEPS, "gradient_accumulation_steps", "learning_rate", "step"];
const LAYOUT = `
@media (min-height: 881px) { @container (min-width: 641px) {
  .course-explorer .course-sums { grid-template-columns: 7fr 4fr; }
} }
.course-explorer .course-bar { width: 12px; height: 12px; }`;

function render({ model, el }) {
  const scene = model.get("scene"), looks = model.get("looks"), arrows = model.get("arrows");
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw, { label: "call" });
  const { weight, group, sums } = panels(scene, model.get("positions").step.at(-1));
  const samples = Object.values(looks).map(swatch);
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  const bar = make("span", { className: "course-bar" });
  bar.style.background = arrows.push;
  words.style.whiteSpace = "pre-line"; // this call, then the whole run
  const sliders = [
    ["gradient_accumulation_steps", "accumulation steps k", String],
    ["learning_rate", "learning rate η", hundredths],
  ].map(([name, label, text]) => slider(model, name, { label, text, changed: mail.soon }));
  for (const { firstChild } of [sliders[0], buttons.parts[0]]) firstChild.style.minWidth = "9.5em";
  root.append(
    make("style", { textContent: LAYOUT }),
    make("div", { className: "course-row" }, ...sliders),
    make("div", { className: "course-row" }, ...buttons.parts),
    make("div", { className: "course-row" }, ...Object.values(looks).map((look, i) =>
      make("label", {}, samples[i], look.label)),
      make("label", {}, bar, "gradient (dashed: without noise, bold: the mean)")),
    make("div", { className: "course-panels course-sums" },
      ...[weight, group, sums].map(({ canvas }) => make("div", {}, canvas))),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), call = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const k = row.at.gradient_accumulation_steps, at = (name) => row.column(name)[call];
      const first = call - at("position"); // the call before this group's first
      fit(group, [0.4, k + 0.6], row.column("gradient").subarray(first + 1, first + k + 1));
      fit(sums, sums.x, row.column("sum"));
      [weight, group, sums].forEach((panel) => panel.begin(theme));
      drawWeight(weight, row, call, k, looks);
      drawGroup(group, row, call, first, arrows.push);
      drawSums(sums, row, call, k, arrows.kept);
      samples.forEach((sample) => sample.paint(theme));
      say(words, `${told(at, call, k)}\n${row.words("told")}`);
      root.dataset.now = JSON.stringify(now(row, at, call));
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || !row);
  }
  return () => (buttons.stop(), leave());
}

function panels({ frame, curvature, noise }, last) {
  const label = `call (curvature λ = ${curvature}; noise of a call's gradient σ = ${noise})`;
  const x = [0, 1.03 * last], title = "weight w; grey band: noise floor, column: this group";
  const all = {
    weight: new Panel({ x, y: frame, title, label, aspect: 1.6 }),
    group: new Panel({
      x: [0.4, 4.6], y: frame, title: "gradients of this group", label: "call of the group",
    }),
    sums: new Panel({ x, y: frame, title: "accumulator: sum so far", label: "call" }),
  };
  return all;
}

/** The axes of a panel: x, and heights about zero that have room for all finite values. */
function fit(panel, x, values) {
  const seen = [...values].filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...seen), Math.max(0, ...seen)];
  const room = 0.12 * (high - low || 1);
  Object.assign(panel, { x, y: [low - room, high + room] });
}

/** The weight as stairs, the path of a step at each call, and a diamond for each joined batch. */
function drawWeight(panel, row, call, k, { w, each, joined }) {
  const weights = row.column("w"), calls = Array.from(weights, (_, i) => i);
  const inner = panel.height - panel.inner.bottom, group = row.column("group")[call];
  shade(panel, k * (group - 1), k * group, 0, inner);
  const floor = row.column("floor")[call];
  if (Number.isFinite(floor))
    shade(panel, ...panel.x, panel.py(floor), panel.py(-floor) - panel.py(floor));
  panel.line(calls, row.column("each"), each, { alpha: 0.4, width: 1.2 });
  panel.line(calls, row.column("each"), each, { to: call, width: 1.6 });
  const ends = calls.flatMap((c) => (c ? [c, c] : [c]));
  const heights = calls.flatMap((c) => (c ? [weights[c - 1], weights[c]] : [weights[c]]));
  panel.line(ends, heights, w, { alpha: 0.3, width: 1.2 });
  panel.line(ends, heights, w, { to: 2 * call });
  for (let c = k; c < calls.length; c += k) {
    ring(panel, c, row.column("joined")[c], joined, c > call);
    if (c < call) panel.marker(c, weights[c], w, 2.6);
  }
  panel.marker(call, weights[call], w, 6);
}

/** A patch of grey, between two x in the data's units and along the canvas's height. */
function shade(panel, from, to, top, tall) {
  const { pen, theme } = panel;
  Object.assign(pen, { fillStyle: theme.ink, globalAlpha: 0.08 });
  pen.fillRect(panel.px(from), top, panel.px(to) - panel.px(from), tall);
  pen.globalAlpha = 1;
}

/** An open marker, faint where its step is still to come. */
function ring(panel, x, y, look, faint) {
  const { pen, theme } = panel;
  if (!Number.isFinite(y)) return;
  mark(pen, look.marker, panel.px(x), panel.py(y), 5.5);
  Object.assign(pen, { strokeStyle: theme.colour(look), lineWidth: 2 });
  pen.globalAlpha = faint ? 0.45 : 1;
  pen.stroke();
  pen.globalAlpha = 1;
}

/** The gradients that this group has been given: bars; their mean once it is full; the slope. */
function drawGroup(panel, row, call, first, push) {
  const { pen, theme } = panel, [left, right] = panel.x, gradients = row.column("gradient");
  const inked = { colour: theme.ink, dark: theme.ink, line: "--" };
  for (let c = first + 1; c <= call; c++) {
    const x = panel.px(c - first - 0.36), wide = panel.px(c - first + 0.36) - x;
    pen.fillStyle = push;
    pen.fillRect(x, panel.py(0), wide, panel.py(gradients[c]) - panel.py(0));
  }
  if (!call) return;
  const slope = row.column("slope")[call], mean = row.column("mean")[call];
  panel.line([left, right], [slope, slope], inked, { width: 1.2, alpha: 0.7 });
  if (row.column("accumulator")[call] === 0)
    panel.line([left, right], [mean, mean], { ...inked, line: "-" }, { width: 2.5 });
}

/** The sum within each group, back to zero after its step. */
function drawSums(panel, row, call, k, kept) {
  const sums = row.column("sum"), left = row.column("accumulator");
  const xs = [0], ys = [0], look = { colour: kept, dark: kept, line: "-", marker: "s" };
  for (let c = 1; c < sums.length; c++) xs.push(c, c, c), ys.push(left[c - 1], sums[c], left[c]);
  panel.line(xs, ys, look, { alpha: 0.35, width: 1.2 });
  panel.line(xs, ys, look, { to: Math.max(0, 3 * call - 1) });
  panel.marker(call, sums[call], look, 5.5);
}

function told(at, call, k) {
  const place = at("position"), w = brief(at("w"));
  if (!call) return `Before the first call the accumulator is empty, and w\u00a0=\u00a0${w}.`;
  const where = `Call ${call} is number ${place} of ${k} in group ${at("group")}: its gradient is ` +
    `${brief(at("gradient"))}. `;
  const sum = brief(at("sum")), mean = brief(at("mean")), change = brief(at("change"));
  if (place === k)
    return `${where}The sum of ${k}, ${sum}, divided by ${k} is the mean, ${mean}; the step ` +
      `−η · mean = ${change} brings w to ${w}, and the accumulator is 0 again.`;
  return `${where}The accumulator holds ${place} ${place === 1 ? "gradient" : "gradients"}, sum ` +
    `${sum}: so far a step of −η · sum / ${k} = ${change}. w\u00a0=\u00a0${w} rests until call ` +
    `${call - place + k}.`;
}

/** What is drawn at the chosen call, as numbers: for tests, and for whoever inspects the page. */
function now(row, at, call) {
  const names = ["w", "each", "joined", "gradient", "slope", "sum", "accumulator", "mean"];
  names.push("change", "group", "position", "floor");
  const numbers = Object.fromEntries(names.map((name) => [name, at(name)]));
  return { step: call, sweep: row.sweep, at: row.at, ...numbers };
}

export default { render };
