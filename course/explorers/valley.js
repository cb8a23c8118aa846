// A ball in a valley: the valley from above, the loss over the steps, the phase portrait, and
// where the momentum ball's energy is.

const SWEEPS = ["by_learning_rate", "by_momentum", "here"];
const WATCHED = [...SWEEPS, "learning_rate", "momentum", "start", "step", "moving"];
const LAYOUT = `
.course-marked { position: relative; display: inline-flex; flex: 0 1 220px; min-width: 60px; }
.course-marked > span { position: absolute; top: 100%; padding-top: 6px; font-size: 10px; }
.course-marked > span { line-height: 12px; white-space: nowrap; transform: translateX(-50%); }
.course-mark { background: linear-gradient(currentColor, currentColor) top / 2px 6px no-repeat; }
.course-marked > .course-caption { right: calc(100% + 13px); transform: none; }
.course-row:has(.course-marked) { padding-bottom: 18px; }
.course-panels > .course-energy { grid-column: 1 / -1; height: 98px; min-height: 0; }
@container (max-width: 460px) { .course-marked { flex: 1; } }`;

function render({ model, el }) {
  const { methods, levels, ...scene } = model.get("scene"), looks = model.get("looks");
  const positions = model.get("positions"), arrows = model.get("arrows");
  const shown = Object.fromEntries(methods.map((key) => [key, true]));
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw);
  const { valley, loss, phase, energy } = panels(scene, positions.step.at(-1));
  const knob = handle(model, "start", valley, "start of all balls", mail);
  const samples = methods.map((key) => swatch(looks[key]));
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  words.style.whiteSpace = "pre-line";

  const boxes = methods.map((key, i) => {
    const box = make("input", { type: "checkbox", checked: true });
    box.onchange = () => ((shown[key] = box.checked), redraw());
    return make("label", {}, box, samples[i], looks[key].label);
  });
  const friction = (beta) => scene.frictions[positions.momentum.indexOf(beta)];
  const rates = [
    ["learning_rate", "learning rate η", hundredths],
    ["momentum", "momentum β", (beta) => `${hundredths(beta)}, friction ${friction(beta)} per step`],
  ].map(([name, label, text]) => slider(model, name, { label, text, changed: mail.soon }));
  const placeMarks = marksUnder(rates[1].querySelector("input"));
  const bar = make("div", { className: "course-energy" }, energy.canvas);
  root.append(
    make("style", { textContent: LAYOUT }),
    make("div", { className: "course-row" }, ...rates),
    make("div", { className: "course-row" }, ...buttons.parts),
    make("div", { className: "course-row" }, ...boxes, arrowLegend(arrows)),
    make("div", { className: "course-panels" }, make("div", {}, valley.canvas, knob),
      make("div", {}, loss.canvas), make("div", {}, phase.canvas), bar),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const paths = methods.filter((key) => shown[key]).map((key) => path(row, key, looks[key]));
      const parts = shown.momentum ? account(row, k) : null;
      bar.style.display = parts ? "" : "none";
      [valley, loss, phase].forEach((panel) => panel.begin(theme));
      drawLevels(valley, levels);
      paths.forEach((path) => drawPath(valley, path.x, path.y, path.look, k));
      if (shown.momentum) drawArrows(valley, row, k, arrows);
      nameLevels(valley, levels);
      drawLoss(loss, paths, k);
      paths.forEach(({ y, velocity, look }) => drawPath(phase, y, velocity, look, k));
      if (parts) drawEnergy(energy, theme, parts, [theme.colour(looks.momentum), arrows.kept]);
      samples.forEach((sample) => sample.paint(theme));
      tell(words, row, paths, k, parts);
      knob.place(row.at.start);
      placeMarks(scene.critical[positions.learning_rate.indexOf(row.at.learning_rate)]);
      root.dataset.now = JSON.stringify(now(row, paths, k, parts));
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
    energy: new Panel({
      x: [0, 1], y: [0.05, 0.45], // between two ticks: a bar has no numbers on its side
      title: "energy of the momentum ball", label: "height: the loss; motion: v² / (2η)",
    }),
  };
}

/** Marks under a slider at critical damping; returns how to place them, at parts of its way. */
function marksUnder(input) {
  const slot = make("span", { className: "course-marked" });
  const note = (textContent, className) =>
    make("span", { textContent, className, ariaHidden: "true" });
  const marks = ["shallow", "steep"].map((axis) => note(axis, "course-mark"));
  const caption = note("critical damping", "course-caption");
  input.replaceWith(slot);
  slot.append(input, caption, ...marks);
  return (parts) => {
    const near = parts.every(Number.isFinite) && parts[0] - parts[1] < 0.18;
    marks.forEach((mark, i) => {
      mark.hidden = parts[i] === null || (near && i === 0);
      // A thumb is 16 pixels wide: its middle stays half of that away from both ends.
      mark.style.left = `calc(8px + (100% - 16px) * ${parts[i]})`;
    });
    caption.hidden = parts.every((part) => part === null);
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

function tell(words, row, paths, k, parts) {
  const complaint = paths.some(({ key }) => key === "yours") ? row.words("complaint") : "";
  const told = paths.filter(({ loss }) => !Number.isNaN(loss[k]));
  const fates = told.map(({ key, look, loss }) =>
    [`${look.label}: loss ${brief(loss[k])}`, row.words(key)].filter(Boolean).join(", "));
  const after = `After ${k} ${k === 1 ? "step" : "steps"} – ${fates.join("; ")}.`;
  const alarm = complaint && `⚠ Your rule fails: ${complaint}.`;
  const theory = `${row.words("friction")} ${row.words("critical")}`;
  say(words, [after, theory, ...(parts ? [energyInWords(parts)] : [])].join("\n"), alarm);
}

/** What is drawn at the chosen step, as numbers: for tests, and for whoever inspects the page. */
function now(row, paths, k, energy) {
  const numbers = paths.map(({ key, x, y, velocity, loss }) =>
    [key, { x: x[k], y: y[k], velocity: velocity[k], loss: loss[k] }]);
  return { step: k, sweep: row.sweep, at: row.at, energy, ...Object.fromEntries(numbers) };
}

export default { render };
