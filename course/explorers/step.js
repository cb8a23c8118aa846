// How far one step goes: a parabola, the bowl that it is cut from, and the factor per step.

const SWEEPS = ["by_learning_rate", "by_curvature", "here"];
const WATCHED = [...SWEEPS, "learning_rate", "curvature", "start", "step", "moving"];
// The learning rate's slider stands on the scale of the strip below it.
const LAYOUT = `
.course-strip { display: flex; flex-wrap: wrap; gap: 6px 8px; margin-bottom: 6px; }
.course-strip > .course-slider { display: contents; }
.course-strip > .course-row { margin: 0 20px 0 auto; }
.course-strip input { order: 1; flex: 1 0 60%; margin: 0 calc(12px + 1.9%) 0 calc(36px + 0.6%); }
.course-strip > canvas { order: 2; flex: none; height: min(150px, 17vh); }
.course-explorer .course-halves { max-width: calc(2 * var(--course-wide) + 14px); }
@container (min-width: 461px) { .course-explorer .course-halves { grid-template: auto / 1fr 1fr; } }
.course-explorer .course-halves > div { grid-area: auto; }
.course-explorer .course-halves > div > canvas { position: static; }`;

function render({ model, el }) {
  const scene = model.get("scene"), { push } = model.get("arrows"), looks = lines(model);
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw);
  const { strip, cut, bowl } = panels(scene);
  const knob = handle(model, "start", bowl, "start", mail);
  const samples = Object.values(looks).map(swatch);
  const words = make("p", { className: "course-words", ariaLive: "polite" });

  const [rate, curvature] = [
    ["learning_rate", "learning rate η"],
    ["curvature", "curvature λ₂"],
  ].map(([name, label]) => slider(model, name, { label, text: hundredths, changed: mail.soon }));
  const [steep, shallow, ...seen] = Object.values(looks).map((look, i) =>
    make("label", {}, samples[i], look.label));
  root.append(
    make("style", { textContent: LAYOUT }),
    make("div", { className: "course-strip" }, rate,
      make("div", { className: "course-row" }, steep, shallow), strip.canvas),
    make("div", { className: "course-row" }, curvature, ...buttons.parts),
    make("div", { className: "course-row" }, ...seen,
      make("label", {}, arrowSample(push), "next step: −η · gradient")),
    make("div", { className: "course-panels course-halves" },
      make("div", {}, cut.canvas), make("div", {}, bowl.canvas, knob)),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      [strip, cut, bowl].forEach((panel) => panel.begin(theme));
      drawStrip(strip, row, looks);
      drawCut(cut, row, k, { ...looks, push, parabola: scene.parabola });
      drawBowl(bowl, row, k, { ...looks, push, levels: scene.levels });
      samples.forEach((sample) => sample.paint(theme));
      tell(words, row, k);
      knob.place(row.at.start);
      root.dataset.now = JSON.stringify(now(row, k));
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || model.get("moving") || !row);
  }
  return () => (buttons.stop(), leave());
}

function lines(model) {
  const { plain } = model.get("looks"), { push } = model.get("arrows");
  const slope = { colour: push, dark: push, marker: "" };
  return {
    steep: { ...plain, label: "w₂, steep" },
    shallow: { ...plain, line: "-.", marker: "D", label: "w₁, shallow" },
    tangent: { ...slope, line: "-", label: "tangent" },
    bound: { ...slope, line: "--", label: "trusted parabola, curvature 1/η" },
  };
}

function panels({ frame: [x, y], top, last_rate, shallow }) {
  const low = -0.3 * top, aspect = x / y;
  const over = { title: "factor per step, |1 − ηλ|", label: "η" };
  const along = { title: "½ λ₂ w₂², the bowl cut along w₂", label: "w₂" };
  const sides = { title: "w₂, steep (λ₂)", label: `w₁, shallow (λ₁ = ${shallow})` };
  const all = {
    strip: new Panel({ x: [0, 1.02 * last_rate], y: [-0.15, 2.15], ...over }),
    cut: new Panel({ x: [-y, y], y: [low, top], ...along, aspect }),
    bowl: new Panel({ x: [-x, x], y: [-y, y], ...sides, aspect }),
  };
  all.strip.inner.right = 20;
  return all;
}

/** The factor of both directions against the learning rate, the edges, and where it stands. */
function drawStrip(panel, row, looks) {
  const eta = row.at.learning_rate, [one, best, edge] = row.column("edges");
  const { pen, theme } = panel, floor = panel.height - panel.inner.bottom;
  Object.assign(pen, { fillStyle: theme.ink, strokeStyle: theme.ink, lineWidth: 1 });
  pen.globalAlpha = 0.07; // where the steep direction diverges
  pen.fillRect(panel.px(edge), 0, panel.width, floor);
  pen.globalAlpha = 1;
  for (const [rate, top] of [[one, 1.45], [best, 1.9], [edge, 2]]) drawEdge(panel, rate, top);
  for (const name of ["shallow", "steep"])
    panel.line(row.column(`${name}.rate`), row.column(`${name}.factor`), looks[name]);
  const [shallow, steep] = row.column("factors").map(Math.abs);
  panel.rule(panel.px(eta), panel.py(Math.max(1.05, steep)), panel.px(eta), floor, 0.6);
  panel.marker(eta, shallow, looks.shallow, 5.5);
  panel.marker(eta, steep, looks.steep, 5.5);
  nameEdge(panel, best, [1.7, 1.95], `best for both: ${hundredths(best)}`);
  nameEdge(panel, edge, [0.25, 1.5], `2/λ₂ = ${hundredths(edge)}`, true);
  nameEdge(panel, one, [1.25, 1.6, 0.25], `1/λ₂ = ${hundredths(one)}`);
}

function drawEdge(panel, rate, top) {
  const x = panel.px(rate);
  panel.pen.setLineDash([2, 3]);
  panel.rule(x, panel.py(top), x, panel.py(0), 0.8);
  panel.pen.setLineDash([]);
}

/** An edge's words, at the first height and side (the left before the right) that is free. */
function nameEdge(panel, rate, heights, words, right = false) {
  const x = panel.px(rate), sides = [[x - 5, "right"], [x + 5, "left"]];
  if (right) sides.reverse();
  const places = heights.flatMap((height) =>
    sides.map(([column, align]) => [column, panel.py(height) + 4, align]));
  panel.words(words, places, { must: true });
}

/** The parabola, the points walked, and what the next step sees: a slope, and what it trusts. */
function drawCut(panel, row, k, { steep, tangent, bound, push, parabola: [xs, ys] }) {
  const column = (name) => row.column(name)[k], [low, high] = panel.x;
  const [x, y, slope] = ["w2", "height", "slope"].map(column);
  const next = column("next2"), floor = column("promised");
  panel.line(xs, ys.map((y) => row.at.curvature * y), { ...steep, line: "-" }, { alpha: 0.35 });
  const ends = [x - 0.2 * (high - low), x + 0.2 * (high - low)];
  panel.line(ends, ends.map((end) => y + slope * (end - x)), tangent, { width: 1.5 });
  // A parabola through where it stands, lowest where the step will end.
  const trusted = (at) => floor + (y - floor) * ((at - next) / (x - next)) ** 2;
  if (x !== next) panel.line(xs, xs.map(trusted), bound, { width: 1.5 });
  drawPath(panel, row.column("w2"), row.column("height"), steep, k);
  panel.arrow(x, y, next - x, 0, push);
}

function drawBowl(panel, row, k, { steep, push, levels }) {
  const narrow = Math.sqrt(row.at.curvature); // the lines are those of curvature 1 across
  const lines = levels.map(([level, xs, ys]) => [level, xs, ys.map((y) => y / narrow)]);
  drawLevels(panel, lines);
  drawPath(panel, row.column("w1"), row.column("w2"), steep, k);
  const [x, y, x1, y1] = ["w1", "w2", "next1", "next2"].map((name) => row.column(name)[k]);
  panel.arrow(x, y, x1 - x, y1 - y, push);
  nameLevels(panel, lines);
}

function tell(words, row, k) {
  const [w1, w2] = ["w1", "w2"].map((name) => brief(row.column(name)[k]));
  const steps = `After ${k} ${k === 1 ? "step" : "steps"} w₂ = ${w2} and w₁ = ${w1}.`;
  say(words, [steps, row.words("directions"), row.words("both")].join(" "));
}

/** What is drawn at the chosen step, as numbers: for tests, and for whoever inspects the page. */
function now(row, k) {
  const names = ["w1", "w2", "height", "slope", "promised", "next1", "next2"];
  const numbers = Object.fromEntries(names.map((name) => [name, row.column(name)[k]]));
  const [shallow, steep] = row.column("factors"), edges = [...row.column("edges").slice(0, 3)];
  return { step: k, sweep: row.sweep, at: row.at, ...numbers, factors: [shallow, steep], edges };
}

export default { render };
