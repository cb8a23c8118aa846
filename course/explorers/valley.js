// A ball in a valley: the valley from above, the loss over the steps, the phase portrait.

const SWEEPS = ["by_learning_rate", "by_momentum", "here"];
const WATCHED = [...SWEEPS, "learning_rate", "momentum", "start", "step", "moving"];

function render({ model, el }) {
  const { methods, levels, ...scene } = model.get("scene"), looks = model.get("looks");
  const shown = Object.fromEntries(methods.map((key) => [key, true]));
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw);
  const { valley, loss, phase } = panels(scene, model.get("positions").step.at(-1));
  const knob = handle(model, "start", valley, "start of all balls", mail);
  const samples = methods.map((key) => swatch(looks[key]));
  const words = make("p", { className: "course-words", ariaLive: "polite" });

  const boxes = methods.map((key, i) => {
    const box = make("input", { type: "checkbox", checked: true });
    box.onchange = () => ((shown[key] = box.checked), redraw());
    return make("label", {}, box, samples[i], looks[key].label);
  });
  const rates = [
    ["learning_rate", "learning rate η"],
    ["momentum", "momentum β"],
  ].map(([name, label]) => slider(model, name, { label, text: hundredths, changed: mail.soon }));
  root.append(
    make("div", { className: "course-row" }, ...rates),
    make("div", { className: "course-row" }, ...buttons.parts),
    make("div", { className: "course-row" }, ...boxes, arrowLegend(model.get("arrows"))),
    make("div", { className: "course-panels" }, make("div", {}, valley.canvas, knob),
      make("div", {}, loss.canvas), make("div", {}, phase.canvas)),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const paths = methods.filter((key) => shown[key]).map((key) => path(row, key, looks[key]));
      [valley, loss, phase].forEach((panel) => panel.begin(theme));
      drawLevels(valley, levels);
      paths.forEach((path) => drawPath(valley, path.x, path.y, path.look, k));
      if (shown.momentum) drawArrows(valley, row, k, model.get("arrows"));
      drawLoss(loss, paths, k);
      paths.forEach(({ y, velocity, look }) => drawPath(phase, y, velocity, look, k));
      samples.forEach((sample) => sample.paint(theme));
      tell(words, row, paths, k);
      knob.place(row.at.start);
      root.dataset.now = JSON.stringify(now(row, paths, k));
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || model.get("moving") || !row);
  }
  return () => (buttons.stop(), leave());
}

function panels({ frame: [x, y], curvatures: [shallow, steep], decades }, last) {
  const title = `w₂, across the valley (curvature ${steep})`;
  const label = `w₁, along the valley (curvature ${shallow})`;
  return {
    valley: new Panel({ x: [-x, x], y: [-y, y], title, label, aspect: x / y }),
    loss: new Panel({ x: [0, last], y: decades, title: "loss", label: "step", log: true }),
    phase: new Panel({
      x: [-y, y], y: [-y / 2, y / 2], title: "velocity of w₂, per step", label: "w₂",
    }),
  };
}

function path(row, key, look) {
  const column = (name) => row.column(`${key}.${name}`);
  const [x, y, velocity, loss] = ["x", "y", "velocity", "loss"].map(column);
  return { key, look, x, y, velocity, loss };
}

function drawLoss(panel, paths, k) {
  panel.rule(panel.px(k), 0, panel.px(k), panel.height - panel.inner.bottom, 0.4);
  const steps = paths[0]?.loss.map((_, i) => i);
  paths.forEach(({ loss, look }) => panel.line(steps, loss, look, { width: 1.8 }));
  paths.forEach(({ loss, look }) => panel.marker(k, loss[k], look, 5.5));
}

/** The two parts of the momentum ball's next step, laid end to end. */
function drawArrows(panel, row, k, { push, kept }) {
  const at = (name) => ["x", "y"].map((axis) => row.column(`${name}.${axis}`)[k]);
  const [x, y] = at("momentum"), [dx, dy] = at("kept");
  panel.arrow(x, y, dx, dy, kept, true);
  panel.arrow(x + dx, y + dy, ...at("push"), push);
}

function arrowLegend({ push, kept }) {
  return make("span", {}, "next step of the momentum ball: ", arrowSample(kept, true),
    " β · velocity, then ", arrowSample(push), " −η · gradient");
}

function tell(words, row, paths, k) {
  const complaint = paths.some(({ key }) => key === "yours") ? row.words("complaint") : "";
  const told = paths.filter(({ loss }) => !Number.isNaN(loss[k]));
  const fates = told.map(({ key, look, loss }) =>
    [`${look.label}: loss ${brief(loss[k])}`, row.words(key)].filter(Boolean).join(", "));
  const after = `After ${k} ${k === 1 ? "step" : "steps"} – ${fates.join("; ")}. `;
  const alarm = complaint && `⚠ Your rule fails: ${complaint}.`;
  say(words, after + row.words("friction"), alarm);
}

/** What is drawn at the chosen step, as numbers: for tests, and for whoever inspects the page. */
function now(row, paths, k) {
  const numbers = paths.map(({ key, x, y, velocity, loss }) =>
    [key, { x: x[k], y: y[k], velocity: velocity[k], loss: loss[k] }]);
  return { step: k, sweep: row.sweep, at: row.at, ...Object.fromEntries(numbers) };
}

export default { render };
