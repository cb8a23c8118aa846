// The noise of minibatches: a cloud of runs seen from above, and its distance over the steps.

const SWEEPS = ["by_learning_rate", "by_batch_size"];
const WATCHED = [...SWEEPS, "learning_rate", "batch_size", "step"];
const WIDTHS = { exact: 1.5, formula: 4, measured: 1.4 }; // in this order: measured on formula

function render({ model, el }) {
  const scene = model.get("scene"), looks = model.get("looks");
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw);
  const { bowl, distance } = panels(scene, model.get("positions").step.at(-1));
  const samples = Object.values(looks).map(swatch);
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  const rates = [
    ["learning_rate", "learning rate η", hundredths],
    ["batch_size", "batch size B", String],
  ].map(([name, label, text]) => slider(model, name, { label, text, changed: mail.soon }));
  root.append(
    make("div", { className: "course-row" }, ...rates),
    make("div", { className: "course-row" }, ...buttons.parts),
    make("div", { className: "course-row" }, ...Object.values(looks).map((look, i) =>
      make("label", {}, samples[i], look.label))),
    make("div", { className: "course-panels course-two" },
      make("div", {}, bowl.canvas), make("div", {}, distance.canvas)),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      [bowl, distance].forEach((panel) => panel.begin(theme));
      drawCloud(bowl, row, k, { looks, ...scene });
      drawDistance(distance, row, k, looks);
      samples.forEach((sample) => sample.paint(theme));
      say(words, told(row, k, scene.runs));
      root.dataset.now = JSON.stringify(now(row, k));
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || !row);
  }
  return () => (buttons.stop(), leave());
}

function panels({ frame: [x, y], decades, runs, paths, noise, curvature }, last) {
  const title = `w₂: ${runs} runs seen from above, ${paths} of them with their ways`;
  const label = `w₁ (curvature λ = ${curvature}; noise of one example's gradient σ = ${noise})`;
  const far = "distance from the minimum, root mean square";
  const bowl = new Panel({ x: [-x, x], y: [-y, y], title, label, aspect: x / y });
  const distance = new Panel({ x: [0, last], y: decades, title: far, label: "step", log: true });
  distance.inner.right = 14; // room for the last step's number
  return { bowl, distance };
}

/** All runs at step k, the ways of a few, and two rings: how far off they are, and should be. */
function drawCloud(panel, row, k, { looks, runs, paths, levels, curvature }) {
  const { measured, formula } = looks, { pen } = panel;
  drawLevels(panel, levels);
  const faint = row.at.learning_rate * curvature < 1 ? 0.25 : 0.06; // flips fill the picture
  for (let run = 0; run < paths; run++)
    for (const [from, alpha] of [[0, faint], [Math.max(0, k - 4), 0.5]])
      panel.line(row.column(`${run}.x`), row.column(`${run}.y`), measured,
        { from, to: k, alpha, width: 1 });
  const at = (run) => ["x", "y"].map((axis) => row.column(`${run}.${axis}`)[k]);
  for (let run = 0; run < runs; run++) {
    pen.globalAlpha = 0.6;
    panel.marker(...at(run), measured, 2.2);
  }
  pen.globalAlpha = 1;
  drawStart(panel, row.column("0.x")[0], row.column("0.y")[0]);
  const turn = Array.from({ length: 97 }, (_, i) => (2 * Math.PI * i) / 96);
  for (const key of ["formula", "measured"]) {
    const far = row.column(key)[k], ring = (way) => turn.map((angle) => far * way(angle));
    panel.line(ring(Math.cos), ring(Math.sin), looks[key], { width: WIDTHS[key] });
  }
  nameLevels(panel, levels);
}

/** An open circle where all runs start. */
function drawStart(panel, x, y) {
  const { pen, theme } = panel;
  panel.keepOff(x, y, 8);
  mark(pen, "o", panel.px(x), panel.py(y), 6);
  Object.assign(pen, { fillStyle: theme.paper, strokeStyle: theme.ink, lineWidth: 2 });
  pen.fill(), pen.stroke();
}

function drawDistance(panel, row, k, looks) {
  panel.rule(panel.px(k), 0, panel.px(k), panel.height - panel.inner.bottom, 0.4);
  drawFloor(panel, row.column("floor")[k]);
  for (const [key, width] of Object.entries(WIDTHS)) {
    const values = row.column(key);
    panel.line(values.map((_, i) => i), values, looks[key], { width });
  }
  panel.marker(k, row.column("formula")[k], looks.formula, 8);
  panel.marker(k, row.column("measured")[k], looks.measured, 5);
}

/** The floor with its height in words: below it, where no run's line is, if there is room. */
function drawFloor(panel, floor) {
  const { pen, theme, width, height, inner } = panel;
  const y = panel.py(floor), end = width - inner.right;
  if (!Number.isFinite(y)) return;
  panel.rule(inner.left, y, end, y, 0.6);
  const words = `noise floor ${brief(floor)}`, low = y + 24 < height - inner.bottom;
  Object.assign(pen, { strokeStyle: theme.paper, lineWidth: 4, textAlign: "right" });
  pen.strokeText(words, end - 6, low ? y + 19 : y - 12);
  panel.text(words, end - 6, low ? y + 19 : y - 12, "right");
}

function told(row, k, runs) {
  const at = (name) => row.column(name)[k], out = at("outside");
  const after = `After ${k} ${k === 1 ? "step" : "steps"} the ${runs} runs are ` +
    `${brief(at("measured"))} from the minimum (root mean square); the formula says ` +
    `${brief(at("formula"))}.`;
  const many = `${out === runs ? "all " : ""}${out} ${out === 1 ? "run" : "runs"}`;
  const lost = out ? ` Out of the picture: ${many}.` : "";
  return `${after}${lost} ${row.words(at("reached") ? "there" : "before")}`;
}

/** What is drawn at the chosen step, as numbers: for tests, and for whoever inspects the page. */
function now(row, k) {
  const names = ["measured", "formula", "exact", "floor", "outside"];
  const numbers = Object.fromEntries(names.map((name) => [name, row.column(name)[k]]));
  const first = ["x", "y"].map((axis) => row.column(`0.${axis}`)[k]);
  return { step: k, sweep: row.sweep, at: row.at, ...numbers, first };
}

export default { render };
