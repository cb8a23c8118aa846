// Two pictures: what weight decay does to the weights, and what the three clips do to a gradient.

const SWEEPS = {
  decay: ["by_weight_decay", "by_momentum", "by_learning_rate", "here"],
  clip: ["by_other", "here"],
};
const WATCHED = [
  ...SWEEPS.decay, "weight_decay", "momentum", "learning_rate", "start", "step",
  "by_other", "gradient", "other", "threshold", "show", "moving",
];
const TITLES = { decay: "weight decay", clip: "clipping" };

function render({ model, el }) {
  const { root, redraw, leave } = stage(model, el, WATCHED, draw), mail = courier(model);
  const buttons = transport(model, redraw);
  const views = { decay: decayView(model, mail, buttons), clip: clipView(model, mail) };
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  const place = make("div");
  root.append(choice(model, mail), place, words);

  function draw(theme) {
    const show = model.get("show"), found = pickRow(model, SWEEPS[show]);
    const row = found?.at.show === show ? found : null;
    if (!views[show].part.isConnected) buttons.stop(), place.replaceChildren(views[show].part);
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const { told, now } = views[show].draw(theme, row);
      views[show].samples.forEach((sample) => sample.paint(theme));
      say(words, told);
      root.dataset.now = JSON.stringify({ sweep: row.sweep, at: row.at, ...now });
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || model.get("moving") || !row);
  }
  return () => (buttons.stop(), leave());
}

/** Radio buttons; their name is drawn by lot, so that two explorers are not one group. */
function choice(model, mail) {
  const group = make("div", { className: "course-row", role: "radiogroup", ariaLabel: "show" });
  const name = `show-${Math.random()}`;
  const boxes = Object.entries(TITLES).map(([value, title]) => {
    const box = make("input", { type: "radio", name, value });
    box.style.margin = 0;
    box.onchange = () => (model.set("show", value), mail.soon());
    group.append(make("label", {}, box, title));
    return box;
  });
  const show = () => boxes.forEach((box) => (box.checked = box.value === model.get("show")));
  model.on("change:show", show);
  show();
  return group;
}

/** One of the two pictures: rows of controls, a legend, three panels, a handle over the first. */
function view(model, rows, keys, note, panels, knob) {
  const looks = model.get("looks"), samples = keys.map((key) => swatch(looks[key]));
  const legend = keys.map((key, i) => make("label", {}, samples[i], looks[key].label));
  const [first, ...others] = panels.map(({ canvas }) => make("div", {}, canvas));
  first.append(knob);
  const part = make("div", {},
    ...[...rows, [...legend, note]].map((row) => make("div", { className: "course-row" }, ...row)),
    make("div", { className: "course-panels" }, first, ...others));
  return { part, samples, looks };
}

function sliders(model, mail, labels) {
  return Object.entries(labels).map(([name, label]) =>
    slider(model, name, { label, text: hundredths, changed: mail.soon }));
}

// ---- weight decay -----------------------------------------------------------------------

function decayView(model, mail, buttons) {
  const { frames, curvatures, levels, ends, minimum } = model.get("scene");
  const [x, y] = frames.decay, last = model.get("positions").step.at(-1);
  const names = [0, 1].map((i) => `w${"₁₂"[i]} (curvature ${curvatures[i]})`);
  const aspect = (x[1] - x[0]) / (y[1] - y[0]), steps = { x: [0, last], label: "step" };
  const plane = new Panel({ x, y, title: names[1], label: names[0], aspect });
  const over = [[y, names[1]], [x, names[0]]]
    .map(([y, title]) => new Panel({ ...steps, y, title }));
  const knob = handle(model, "start", plane, "start of both balls", mail);
  const rates = sliders(model, mail, {
    weight_decay: "weight decay", momentum: "momentum β", learning_rate: "learning rate η",
  });
  const keys = ["decay", "penalty"], rows = [rates, buttons.parts];
  const panels = [plane, ...over];
  const note = "open: where each settles; line: where any strength of decay would";
  const { part, samples, looks } = view(model, rows, keys, note, panels, knob);
  over.forEach(({ inner }) => (inner.right = 14)); // room for the last step's number

  function draw(theme, row) {
    const pair = (name) => ["x", "y"].map((axis) => row.column(`${name}.${axis}`));
    const k = model.get("step"), paths = keys.map(pair), at = (pair) => pair.map((xs) => xs[k]);
    const [decay, penalty] = paths.map(at), rests = keys.map((key) => at(pair(`${key}.end`)));
    panels.forEach((panel) => panel.begin(theme));
    drawLevels(plane, levels);
    drawEnds(plane, ends, minimum);
    keys.forEach((key, i) => drawPath(plane, ...paths[i], looks[key], k));
    keys.forEach((key, i) => ring(plane, rests[i], looks[key]));
    keys.forEach((key, i) => plane.marker(...at(paths[i]), looks[key], 7)); // above the rings
    nameEnds(plane, minimum), nameLevels(plane, levels);
    over.forEach((panel, i) => keys.forEach((key, j) =>
      drawOver(panel, paths[j][1 - i], rests[j][1 - i], looks[key], k, 7 - 2 * j)));
    knob.place(row.at.start);
    const told = `After ${k} ${k === 1 ? "step" : "steps"} – decay: w = ${point(decay)}; ` +
      `penalty: w = ${point(penalty)}. ${row.words("told")}`;
    return { told, now: { step: k, decay, penalty, rests } };
  }
  return { part, samples, draw };
}

const inkLook = ({ ink }) => ({ colour: ink, dark: ink, line: "-" });
const point = (pair) =>
  `(${pair.map((v) => (Math.abs(v) < 100 ? decimal(v.toFixed(3)) : brief(v))).join(", ")})`;

/** Where a ball settles that is drawn to zero, from the bowl's minimum on: a line. */
function drawEnds(panel, ends, [x, y]) {
  const ink = inkLook(panel.theme);
  panel.line(...ends, ink, { width: 1, alpha: 0.6 });
  panel.marker(x, y, ink, 3);
}

function nameEnds(panel, [x, y]) {
  const beside = (x, y) => [[8, 4, "left"], [-8, 4, "right"], [0, 20, "center"], [0, -12, "center"]]
    .map(([dx, dy, align]) => [panel.px(x) + dx, panel.py(y) + dy, align]);
  panel.words("minimum", beside(x, y), { must: true });
  panel.words("0", beside(0, 0).slice(1), { must: true });
}

/** An open marker: where something comes to rest. */
function ring(panel, [x, y], look) {
  const { pen, theme } = panel;
  if (!Number.isFinite(x + y)) return;
  panel.keepOff(x, y, 10);
  mark(pen, look.marker, panel.px(x), panel.py(y), 7);
  Object.assign(pen, { fillStyle: theme.paper, strokeStyle: theme.colour(look), lineWidth: 2 });
  pen.fill(), pen.stroke();
}

/** One weight over the steps, and thin the value at which it comes to rest. */
function drawOver(panel, values, rest, look, k, size) {
  const steps = Array.from(values, (_, i) => i);
  panel.rule(panel.px(k), 0, panel.px(k), panel.height - panel.inner.bottom, 0.2);
  panel.line(steps, steps.map(() => rest), { ...look, line: "-" }, { alpha: 0.6, width: 1 });
  panel.line(steps, values, look, { width: 1.8 });
  panel.marker(k, values[k], look, size);
}

// ---- clipping ---------------------------------------------------------------------------

const KINDS = ["value", "norm", "global"];

function clipView(model, mail) {
  const { frames, limits, longest } = model.get("scene"), [x, y] = frames.clip;
  const thresholds = model.get("positions").threshold, aspect = x[1] / y[1];
  const plane = new Panel({ x, y, title: "A's gradient: a₂", label: "a₁", aspect });
  const lengths = new Panel({
    x: [0, longest], y: [0, longest], title: "length of B's gradient",
    label: "length of A's gradient",
  });
  const angles = new Panel({
    x: [0, thresholds.at(-1)], y: [-4, 60], title: "A and B together turn by, °",
    label: "threshold c",
  });
  const knob = handle(model, "gradient", plane, "gradient of A", mail);
  const rows = [sliders(model, mail, { threshold: "threshold c", other: "gradient of B" })];
  const keys = ["gradient", ...KINDS], panels = [plane, lengths, angles];
  const note = "thin: what each clip keeps it within";
  const { part, samples, looks } = view(model, rows, keys, note, panels, knob);

  function draw(theme, row) {
    const c = model.get("threshold"), k = thresholds.indexOf(c), tips = tipsAt(row, k);
    panels.forEach((panel) => panel.begin(theme));
    for (const [panel, key, [xs, ys]] of limits) {
      const scaled = [xs, ys].map((values) => values.map((value) => c * value));
      (panel === "V" ? plane : lengths).line(...scaled, looks[key], { width: 1.2, alpha: 0.7 });
    }
    drawArrows(plane, keys.map((key) => [tips[key].x, tips[key].y, looks[key]]));
    drawArrows(lengths, keys.map((key) => [tips[key].A, tips[key].b, looks[key]]));
    angles.rule(angles.px(c), 0, angles.px(c), angles.height - angles.inner.bottom, 0.4);
    KINDS.forEach((key, i) => {
      const turned = row.column(`${key}.turned`);
      angles.line(thresholds, turned, looks[key], { width: 1.8 });
      angles.marker(c, turned[k], looks[key], 7.5 - i);
    });
    knob.place(row.at.gradient);
    return { told: clipTold(tips, c), now: { threshold: c, ...tips } };
  }
  return { part, samples, draw };
}

/** The gradient before and after each clip, by the names of `clipping.clipped`. */
function tipsAt(row, k) {
  const names = ["x", "y", "b", "A", "turned_A", "turned", "cut"];
  const of = (key) =>
    Object.fromEntries(names.map((name) => [name, row.column(`${key}.${name}`)[k]]));
  const [x, y] = row.at.gradient, b = row.at.other;
  const tips = Object.fromEntries(KINDS.map((key) => [key, of(key)]));
  return { gradient: { x, y, b, A: Math.hypot(x, y) }, ...tips };
}

/** Arrows from zero, the first below; a rim of paper keeps apart those that lie on one another. */
function drawArrows(panel, arrows) {
  const paper = inkLook({ ink: panel.theme.paper });
  arrows.forEach(([x, y, look]) => {
    panel.line([0, x], [0, y], paper, { width: 5 });
    panel.line([0, x], [0, y], look, { width: 2.5 });
  });
  arrows.forEach(([x, y, look], i) => panel.marker(x, y, look, 8 - i));
}

/** A part in percent; more figures near the whole, which rounding must not feign. */
const percent = (part) =>
  part > 1 - 1e-6 ? "all" : `${Number((100 * part).toPrecision(part < 0.95 ? 2 : 4))} %`;

function clipTold({ gradient, value, norm, global }, c) {
  const { A, b } = gradient, whole = Math.hypot(A, b), at = `At c = ${hundredths(c)}`;
  if (whole === 0) return "A gradient of zero stays zero: no clip divides by its length.";
  if (!global.cut)
    return `${at} nothing is clipped: A and B together are only ${whole.toFixed(2)} long.`;
  const turns = [value, norm, global].map(({ turned }) => `${turned.toFixed(1)}°`);
  const left = percent(A ? global.A / A : global.b / b);
  return `${at} – ${valueTold(value)}; ${normTold(gradient, norm)}; ` +
    `global_clipnorm leaves ${left} of every entry, so each ratio stays. ` +
    `A and B together turn by ${turns[0]}, ${turns[1]} and ${turns[2]}.`;
}

function valueTold({ cut, turned_A }) {
  if (!cut) return "clipvalue changes nothing, for no entry is larger";
  const turns = turned_A < 0.05 ? "does not turn A" : `turns A by ${turned_A.toFixed(1)}°`;
  return `clipvalue cuts ${cut} of 3 entries and ${turns}`;
}

function normTold({ A, b }, norm) {
  if (!norm.cut) return "clipnorm changes nothing, for neither variable is longer";
  const left = [["A", norm.A, A], ["B", norm.b, b]].filter(([, , before]) => before)
    .map(([name, after, before]) => `${percent(after / before)} of ${name}`);
  const ratios = [b / A, norm.b / norm.A].map((ratio) => ratio.toFixed(2));
  const moved = A && b && ratios[0] !== ratios[1];
  const ratio = moved ? `, so B : A goes from ${ratios[0]} to ${ratios[1]}` : "";
  return `clipnorm leaves ${left.join(" and ")}${ratio}`;
}

export default { render };
