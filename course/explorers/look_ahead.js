// One Nesterov step taken apart: the step enlarged, the paths in the bowl, the loss over the steps.

const SWEEPS = ["by_learning_rate", "by_momentum", "here"];
const WATCHED = [...SWEEPS, "learning_rate", "momentum", "start", "step", "moving"];
const METHODS = ["plain", "momentum", "nesterov"];

function render({ model, el }) {
  const scene = model.get("scene"), looks = { ...model.get("looks"), ...scene.looks };
  const shown = { plain: true, momentum: true, original: true, nesterov: true };
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw);
  const { step, paths, loss } = panels(scene, model.get("positions").step.at(-1));
  const knob = handle(model, "start", paths, "start of all balls", mail);
  const samples = Object.fromEntries(Object.keys(shown).map((key) => [key, swatch(looks[key])]));
  const words = make("p", { className: "course-words", ariaLive: "polite" });

  const boxes = Object.keys(shown).map((key) => {
    const box = make("input", { type: "checkbox", checked: true });
    box.onchange = () => ((shown[key] = box.checked), redraw());
    return make("label", {}, box, samples[key], looks[key].label);
  });
  const rates = [
    ["learning_rate", "learning rate η"],
    ["momentum", "momentum β"],
  ].map(([name, label]) => slider(model, name, { label, text: hundredths, changed: mail.soon }));
  root.append(
    make("div", { className: "course-row" }, ...rates),
    make("div", { className: "course-row" }, ...buttons.parts),
    make("div", { className: "course-row" }, ...boxes),
    make("div", { className: "course-row" }, arrowLegend(model.get("arrows"))),
    make("div", { className: "course-panels" }, make("div", {}, step.canvas),
      make("div", {}, paths.canvas, knob), make("div", {}, loss.canvas)),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const parts = takeApart(row, k), window = look(row, k, step);
      [step, paths, loss].forEach((panel) => panel.begin(theme));
      drawRings(step, scene.ring, window);
      drawStep(step, row, parts, { k, shown, looks, arrows: model.get("arrows") });
      drawRings(paths, scene.ring, [0, scene.highest]);
      drawPaths(paths, row, { k, shown, looks, step });
      drawLoss(loss, row, { k, shown, looks });
      Object.values(samples).forEach((sample) => sample.paint(theme));
      say(words, `${told(parts, k, step)} ${row.words("regime")}`);
      knob.place(row.at.start);
      root.dataset.now = JSON.stringify({ step: k, sweep: row.sweep, at: row.at, ...parts });
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || model.get("moving") || !row);
  }
  return () => (buttons.stop(), leave());
}

function panels({ frame: [x, y], curvatures: [shallow, steep], decades }, last) {
  const title = `the step, enlarged: w₂ (curvature ${steep})`;
  const label = `w₁ (curvature ${shallow})`;
  const step = new Panel({ x: [-x, x], y: [-y, y], title, label, aspect: x / y });
  step.inner.left = 64; // the numbers of a small step are long
  return {
    step,
    paths: new Panel({ x: [-x, x], y: [-y, y], title: "paths: w₂", label: "w₁" }),
    loss: new Panel({ x: [0, last], y: decades, title: "loss", label: "step", log: true }),
  };
}

/** The vectors and losses of one step, by their names in `LookAhead.compute`. */
function takeApart(row, k) {
  const at = (name) => ["x", "y"].map((axis) => row.column(`${name}.${axis}`)[k]);
  const names = [...METHODS, "original", "glide", "here", "there", "onward"];
  const parts = Object.fromEntries(names.map((name) => [name, at(name)]));
  parts.heavy = sum(parts.nesterov, parts.here), parts.lands = sum(parts.nesterov, parts.there);
  const losses = [...METHODS, "heavy", "lands"].map((key) => [key, row.column(`${key}.loss`)[k]]);
  return { ...parts, loss: Object.fromEntries(losses) };
}

const sum = ([a, b], [c, d]) => [a + c, b + d];

/** Turn the panel to the window that shows step k; returns the range of √loss in it. */
function look(row, k, panel) {
  const [x, y, height, lowest, highest] = ["middle.x", "middle.y", "height", "lowest", "highest"]
    .map((name) => row.column(name)[k]);
  panel.x = [-1, 1].map((side) => x + (side * height * panel.aspect) / 2);
  panel.y = [-1, 1].map((side) => y + (side * height) / 2);
  return [lowest, highest];
}

/** Level lines in a window: one line, where the loss is 1, enlarged to each √loss. */
function drawRings(panel, [xs, ys], range) {
  const ink = { colour: panel.theme.ink, dark: panel.theme.ink, line: "-" };
  for (const far of ticks(range, 10))
    panel.line(xs.map((x) => far * x), ys.map((y) => far * y), ink, { alpha: 0.22, width: 1 });
}

function drawStep(panel, row, parts, { k, shown, looks, arrows: { push, kept } }) {
  const { original: w, nesterov: ahead, glide, here, there, onward, heavy, lands } = parts;
  const { momentum, original, nesterov } = shown, further = sum(lands, onward);
  const wanted = ([asked]) => asked;
  const arrows = [
    [original || momentum, w, glide, kept, true], [original || nesterov, ahead, there, push],
    [nesterov, lands, onward, kept, true],
    [momentum, w, here, push, false, [5, 3]], [momentum, ahead, here, push, false, [5, 3]],
  ].filter(wanted);
  const landings = [
    [original, "next w", lands, "original"], [nesterov, "next θ", further, "nesterov"],
    [momentum, "momentum lands", heavy, "momentum"],
  ].filter(wanted);
  drawPast(panel, row, k, shown, looks, kept);
  landings.forEach(([, , point, key]) => ring(panel, point, looks[key]));
  arrows.forEach(([, from, along, colour, open, dash = []]) => {
    panel.pen.setLineDash(dash);
    panel.arrow(...from, ...along, colour, open);
  });
  panel.pen.setLineDash([]);
  const hasW = original || momentum, name = hasW ? (nesterov ? "θ = w + βv" : "w + βv") : "θ";
  const places = [[arrows.length, `there: ${name}`, ahead], [hasW, "here: w", w]];
  drawLabels(panel, [...places, ...landings].filter(wanted), arrows);
}

/** The last steps in both writings, and the glides βv that lead from one to the other. */
function drawPast(panel, row, k, shown, looks, colour) {
  const from = Math.max(0, k - 4), keys = ["original", "nesterov"].filter((key) => shown[key]);
  const [[ws, vs], [xs, ys]] = ["original", "nesterov"].map((key) =>
    ["x", "y"].map((axis) => row.column(`${key}.${axis}`).subarray(0, k + 1)));
  const glide = { colour, dark: colour, line: "-" };
  for (let i = from; i < k && keys.length === 2; i++)
    panel.line([ws[i], xs[i]], [vs[i], ys[i]], glide, { alpha: 0.7, width: 1.2 });
  for (const key of keys) {
    const [x, y] = key === "original" ? [ws, vs] : [xs, ys];
    panel.line(x, y, looks[key], { from, alpha: 0.7, width: 1.5 });
    for (let i = from; i <= k; i++) panel.marker(x[i], y[i], looks[key], i < k ? 3 : 7);
  }
}

/** An open marker: where something lands. */
function ring(panel, [x, y], look) {
  const { pen, theme } = panel;
  mark(pen, look.marker, panel.px(x), panel.py(y), 7);
  Object.assign(pen, { fillStyle: theme.paper, strokeStyle: theme.colour(look), lineWidth: 2 });
  pen.fill(), pen.stroke();
}

/** Words beside points, each where it covers no point, no arrow and no other words. */
function drawLabels(panel, labels, arrows) {
  const { pen, theme, inner, width, height } = panel;
  const taken = labels.map(([, , point]) => around(panel, point, 9));
  for (const [, [x, y], [dx, dy]] of arrows)
    for (let part = 0; part <= 1; part += 0.05)
      taken.push(around(panel, [x + part * dx, y + part * dy], 4));
  const fits = ([left, top, right, bottom]) => left > inner.left && right < width - inner.right &&
    top > inner.top && bottom < height - inner.bottom &&
    taken.every((t) => left >= t[2] || t[0] >= right || top >= t[3] || t[1] >= bottom);
  for (const [, words, [x, y]] of labels) {
    pen.font = `12px ${theme.font}`;
    const wide = pen.measureText(words).width, left = panel.px(x), top = panel.py(y);
    const boxes = [-8, -20, 4, -34, 18, -48, 32].flatMap((dy) => [12, -12 - wide, -wide / 2].map(
      (dx) => [left + dx, top + dy, left + dx + wide, top + dy + 16]));
    const box = boxes.find(fits);
    if (!box) continue;
    taken.push(box);
    Object.assign(pen, { strokeStyle: theme.paper, fillStyle: theme.ink, lineWidth: 4 });
    pen.textAlign = "left";
    pen.strokeText(words, box[0], box[3] - 4), pen.fillText(words, box[0], box[3] - 4);
  }
}

function around(panel, [x, y], reach) {
  const [left, top] = [panel.px(x), panel.py(y)];
  return [left - reach, top - reach, left + reach, top + reach];
}

function drawPaths(panel, row, { k, shown, looks, step }) {
  const { pen, theme } = panel, [left, right] = step.x.map((x) => panel.px(x));
  const [bottom, top] = step.y.map((y) => panel.py(y));
  for (const key of METHODS.filter((key) => shown[key]))
    drawPath(panel, row.column(`${key}.x`), row.column(`${key}.y`), looks[key], k);
  Object.assign(pen, { strokeStyle: theme.ink, lineWidth: 1 });
  pen.strokeRect(left, top, right - left, bottom - top); // what the large picture shows
}

function drawLoss(panel, row, { k, shown, looks }) {
  panel.rule(panel.px(k), 0, panel.px(k), panel.height - panel.inner.bottom, 0.4);
  for (const key of METHODS.filter((key) => shown[key])) {
    const loss = row.column(`${key}.loss`);
    panel.line(loss.map((_, i) => i), loss, looks[key], { width: 1.8 });
    panel.marker(k, loss[k], looks[key], 5.5);
  }
}

function arrowLegend({ push, kept }) {
  return make("span", {}, "the step taken apart: ", arrowSample(kept, true), " glide βv, ",
    arrowSample(push), " push −η · gradient, read there; dashed: read here, as momentum does");
}

function told({ glide, here, there, loss, nesterov: [x, y] }, k, panel) {
  const long = (vector) => brief(Math.hypot(...vector)), after = `Step ${k} to ${k + 1}:`;
  if (!(x > panel.x[0] && x < panel.x[1] && y > panel.y[0] && y < panel.y[1]))
    return `${after} Nesterov is too far away to be drawn.`;
  if (!Math.hypot(...glide))
    return `${after} without velocity, here and there are one point, and momentum and Nesterov ` +
      `land together, at loss ${brief(loss.lands)}.`;
  return `${after} here, at w, the push is ${long(here)} long and ${way(here, glide)}; ` +
    `there, ${long(glide)} farther on, it is ${long(there)} long and ${way(there, glide)}. ` +
    `Momentum would land at loss ${brief(loss.heavy)}, Nesterov lands at ${brief(loss.lands)}.`;
}

/** What a push does to a glide: within 12° of across it, neither. */
function way([x, y], [dx, dy]) {
  const along = (x * dx + y * dy) / (Math.hypot(x, y) * Math.hypot(dx, dy));
  return along > 0.2 ? "drives on" : along < -0.2 ? "holds back" : "pushes sideways";
}

export default { render };
