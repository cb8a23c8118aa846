// Noisy steps in a bowl and the average of the weights: from above, the loss of one run, the mean.

const SWEEPS = ["by_learning_rate", "by_ema_momentum", "by_ema_overwrite_frequency"];
const SLIDERS = {
  learning_rate: { label: "learning rate η", text: hundredths },
  ema_momentum: { label: "ema_momentum m", text: memory },
  ema_overwrite_frequency: { label: "overwrite weights", text: often },
};
const WATCHED = [...SWEEPS, ...Object.keys(SLIDERS), "step"];
const TRAIL = 20; // so many of the newest steps are drawn in full: more would hide each other

function render({ model, el }) {
  const looks = model.get("looks"), scene = model.get("scene"), keys = Object.keys(looks);
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw);
  const { bowl, loss, mean } = panels(scene, model.get("positions").step.at(-1));
  const samples = keys.map((key) => swatch(looks[key]));
  const legend = keys.map((key, i) => make("label", {}, samples[i], looks[key].label));
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  words.style.whiteSpace = "pre-line"; // this step, then the whole run
  const sliders = Object.entries(SLIDERS).map(([name, traits]) =>
    slider(model, name, { ...traits, changed: mail.soon }));
  for (const { firstChild } of [...sliders, buttons.parts[0]]) firstChild.style.minWidth = "9.5em";
  root.append(
    make("div", { className: "course-row" }, ...sliders),
    make("div", { className: "course-row" }, ...buttons.parts),
    make("div", { className: "course-row" }, ...legend, "▾ the weights become the average"),
    make("div", { className: "course-panels" },
      ...[bowl, loss, mean].map(({ canvas }) => make("div", {}, canvas))),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const paths = keys.map((key) => path(row, key, looks[key]));
      [bowl, loss, mean].forEach((panel) => panel.begin(theme));
      drawBowl(bowl, scene.levels, paths, k);
      drawLosses(loss, row, paths, "loss", k);
      drawLosses(mean, row, paths, "mean", k);
      samples.forEach((sample) => sample.paint(theme));
      say(words, told(row, paths, scene, k));
      root.dataset.now = JSON.stringify(now(row, paths, scene, k));
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || !row);
  }
  return () => (buttons.stop(), leave());
}

/** A slider's text: m, and about how many updates the average remembers. */
function memory(m) {
  const shown = Number(m.toPrecision(6));
  return m === 1 ? "1, for ever" : `${shown}, memory ${Number((1 / (1 - m)).toPrecision(3))}`;
}

function often(period) {
  return period === null ? "never" : period === 1 ? "every step" : `every ${period} steps`;
}

function panels({ frame: [x, y], decades, runs, noise }, last) {
  const losses = { x: [0, last], y: decades, label: "step", log: true };
  const label = `w₁ (curvature λ = 1 along both; gradient noise ${noise})`;
  const loss = new Panel({ ...losses, title: "loss of this run" });
  const mean = new Panel({ ...losses, title: `mean loss of ${runs} runs` });
  loss.inner.right = mean.inner.right = 14; // room for the last step's number
  const aspect = (x[1] - x[0]) / (y[1] - y[0]);
  return { bowl: new Panel({ x, y, title: "w₂", label, aspect }), loss, mean };
}

function path(row, key, look) {
  const column = (name) => row.column(`${key}.${name}`);
  const [x, y, loss, mean] = ["x", "y", "loss", "mean"].map(column);
  return { key, look, x, y, loss, mean };
}

/** The weights' walk, its newest steps in full, and over it the average's. */
function drawBowl(panel, levels, [weights, average], k) {
  const from = Math.max(0, k - TRAIL);
  drawLevels(panel, levels);
  panel.line(weights.x, weights.y, weights.look, { alpha: 0.22, width: 1 });
  panel.line(weights.x, weights.y, weights.look, { from, to: k, width: 1.3 });
  for (let i = from; i < k; i++) panel.marker(weights.x[i], weights.y[i], weights.look, 2.6);
  panel.line(average.x, average.y, average.look, { alpha: 0.35, width: 1.5 });
  panel.line(average.x, average.y, average.look, { to: k, width: 3 });
  for (const { x, y, look } of [weights, average]) panel.marker(x[k], y[k], look, 7);
  nameLevels(panel, levels);
}

/** Both losses over the steps; each overwriting has its mark at the upper edge. */
function drawLosses(panel, row, paths, name, k) {
  const { pen, inner, theme } = panel, steps = paths[0][name].map((_, i) => i);
  panel.rule(panel.px(k), 0, panel.px(k), panel.height - inner.bottom, 0.4);
  pen.fillStyle = theme.ink;
  row.column("overwritten").forEach((due, i) => due && wedge(pen, panel.px(i), inner.top));
  for (const path of paths) {
    // A log axis has no place for a 0 or an overflow: they go to its edge.
    const near = path[name].map((value) => Math.max(1e-30, Math.min(1e30, value)));
    panel.line(steps, near, path.look, { width: path.key === "weights" ? 1.2 : 2.2 });
    panel.marker(k, near[k], path.look, 5.5);
  }
}

function wedge(pen, x, y) {
  pen.beginPath(), pen.moveTo(x - 2.5, y), pen.lineTo(x + 2.5, y), pen.lineTo(x, y + 6);
  pen.fill();
}

const whatIs = (row, scene, k) => scene.cases[row.column("case")[k]];

function told(row, [weights, average], scene, k) {
  const losses = (name) => k
    ? `weights ${brief(weights[name][k])}, average ${brief(average[name][k])}`
    : `weights ${brief(weights[name][k])}`;
  return `After ${k} ${k === 1 ? "step" : "steps"} – loss of this run: ${losses("loss")}; mean of ` +
    `${scene.runs} runs: ${losses("mean")}. ${row.words(whatIs(row, scene, k))}\n${row.words("told")}`;
}

/** What is drawn at the chosen step, as numbers: for tests, and for whoever inspects the page. */
function now(row, paths, scene, k) {
  const numbers = paths.map(({ key, x, y, loss, mean }) =>
    [key, { x: x[k], y: y[k], loss: loss[k], mean: mean[k] }]);
  const overwritten = row.column("overwritten").reduce((sum, due) => sum + due, 0);
  return { step: k, sweep: row.sweep, at: row.at, case: whatIs(row, scene, k), overwritten,
    ...Object.fromEntries(numbers) };
}

export default { render };
