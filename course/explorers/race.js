// A race on a surface: the runners' paths seen from above, their loss over the steps, the ranking.

const SWEEPS = ["by_factor", "by_momentum", "here"];
const WATCHED = [...SWEEPS, "surface", "runner", "factor", "momentum", "start", "step", "moving"];
const LAYOUT = `
.course-row select { font: inherit; color: inherit; background: var(--course-field); }
.course-row input[type="radio"] { margin: 0; }`;

function render({ model, el }) {
  const looks = Object.values(model.get("looks")), last = model.get("positions").step.at(-1);
  const { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw);
  const { hill, loss } = panels(model.get("scene").frame, last);
  const knob = handle(model, "start", hill, "start of all runners", mail);
  const places = surfaces(model), starters = choice(model, looks);
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  const sliders = [
    ["factor", "learning rate", (factor) => `× ${hundredths(factor)}`],
    ["momentum", "momentum β", hundredths],
  ].map(([name, label, text]) => slider(model, name, { label, text, changed: mail.soon }));
  root.append(
    make("style", { textContent: LAYOUT }),
    make("div", { className: "course-row" }, places, ...buttons.parts),
    starters.group,
    make("div", { className: "course-row" }, ...sliders),
    make("div", { className: "course-panels course-two" },
      make("div", {}, hill.canvas, knob), make("div", {}, loss.canvas)),
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step"), scene = model.get("scene");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const runners = looks.map((look, i) => runner(row, i, look, scene.frame));
      const chosen = runners[row.at.runner], drawn = runners.filter((one) => one !== chosen);
      [[hill.x, hill.y], loss.y] = [scene.frame, scene.decades];
      [hill, loss].forEach((panel) => panel.begin(theme));
      drawHill(hill, scene, [...drawn, chosen], k); // the chosen one is on top
      drawLoss(loss, [...drawn, chosen], k);
      starters.label(runners, theme);
      tell(words, row, runners, k, scene.about);
      knob.place(row.at.start);
      root.dataset.now = JSON.stringify(now(row, runners, k));
    }
    // Only a picture that rests is read out; while it moves, the words change too often.
    words.ariaBusy = String(buttons.playing() || model.get("moving") || !row);
  }
  return () => (buttons.stop(), leave());
}

/** What can be chosen is computed in Python, which moves the start and the sliders along. */
function choose(model, name, value) {
  model.set(name, value), model.save_changes();
}

function surfaces(model) {
  const options = model.get("positions").surface.map((name) => make("option", {}, name));
  const select = make("select", {}, ...options);
  select.dataset.lmSuppressShortcuts = "true";
  select.onchange = () => choose(model, "surface", select.value);
  const show = () => (select.value = model.get("surface"));
  model.on("change:surface", show);
  show();
  return make("label", {}, "surface", select);
}

/** Radio buttons: whom the sliders move. Their name is drawn by lot, so that two explorers are
 *  not one group. */
function choice(model, looks) {
  const group = make("div", { className: "course-row", role: "radiogroup" }, "the sliders move");
  const name = `runner-${Math.random()}`, samples = looks.map(swatch);
  group.ariaLabel = "runner that the sliders move";
  const texts = looks.map(() => make("span"));
  const boxes = looks.map((_, i) => {
    const box = make("input", { type: "radio", name, onchange: () => choose(model, "runner", i) });
    group.append(make("label", {}, box, samples[i], texts[i]));
    return box;
  });
  const show = () => (boxes[model.get("runner")].checked = true);
  model.on("change:runner", show);
  show();
  const label = (runners, theme) => {
    runners.forEach(({ label }, i) => (texts[i].textContent = label));
    samples.forEach((sample) => sample.paint(theme));
  };
  return { group, label };
}

function panels([x, y], last) {
  const aspect = (x[1] - x[0]) / (y[1] - y[0]); // the same for all surfaces
  const hill = new Panel({ x, y, title: "w₂", label: "w₁", aspect });
  const title = "loss above the minimum";
  const far = 1.025 * last; // room for the last marker
  const loss = new Panel({ x: [0, far], y: [0, 1], title, label: "step", log: true });
  return { hill, loss };
}

function runner(row, i, look, [across, up]) {
  const [x, y, loss] = ["x", "y", "loss"].map((name) => row.column(`${i}.${name}`));
  const within = (value, [low, high]) => value >= low && value <= high;
  const out = Array.from(x, (_, j) => !(within(x[j], across) && within(y[j], up)));
  return { look, x, y, loss, out, label: row.words(`${i}`), complaint: row.words(`${i}.complaint`) };
}

function drawHill(panel, { levels, minimum: [x, y] }, runners, k) {
  drawLevels(panel, levels);
  panel.pen.fillStyle = panel.theme.ink;
  panel.text("×", panel.px(x), panel.py(y) + 6, "center", 18);
  runners.forEach(({ look, x, y }) => drawPath(panel, x, y, look, k));
  panel.keepOff(x, y, 8);
  nameLevels(panel, levels);
}

/** A loss of 0 or without bound goes to the edge, where a marker is hollow. */
function drawLoss(panel, runners, k) {
  panel.rule(panel.px(k), 0, panel.px(k), panel.height - panel.inner.bottom, 0.4);
  runners.forEach(({ look, loss }, i) => {
    const near = loss.map((value) => Math.max(1e-30, Math.min(1e30, value)));
    panel.line(near.map((_, j) => j), near, look, { width: 1.8 });
    panel.marker(k, near[k], look, 8 - i); // one behind another at the same place is seen
  });
}

/** Ranks at step k, best first; who has lost the same shares a rank, and no number is last. */
function ranked(runners, k) {
  const depth = ({ loss }) => (Number.isNaN(loss[k]) ? Infinity : loss[k]);
  const better = (a, b) => depth(a) < depth(b) * (1 - 1e-5);
  const rank = (one) => 1 + runners.filter((other) => better(other, one)).length;
  const all = runners.map((one, i) => ({ ...one, i, rank: rank(one) }));
  return all.sort((a, b) => a.rank - b.rank || a.i - b.i);
}

function place({ rank, label, loss, out }, k) {
  const first = out.slice(0, k + 1).indexOf(true), back = out.lastIndexOf(false, k) + 1;
  const gone = out[k] ? `, out of the picture since step ${back}`
    : first >= 0 ? `, was out of the picture, first at step ${first}` : "";
  return `${rank}. ${label}: loss ${brief(loss[k])}${gone}`;
}

function tell(words, row, runners, k, about) {
  const places = ranked(runners, k).map((one) => place(one, k)).join("; ");
  const alarm = runners.find(({ complaint }) => complaint)?.complaint;
  const text = `After ${k} ${k === 1 ? "step" : "steps"} – ${places}. ${about}`;
  say(words, text, alarm && `⚠ Your rule fails: ${alarm}.`);
}

/** What is drawn at the chosen step, as numbers: for tests, and for whoever inspects the page. */
function now(row, runners, k) {
  const at = ({ x, y, loss, label }) => ({ label, x: x[k], y: y[k], loss: loss[k] });
  const order = ranked(runners, k).map(({ i, rank }) => [rank, i]);
  return { step: k, sweep: row.sweep, at: row.at, runners: runners.map(at), order };
}

export default { render };
