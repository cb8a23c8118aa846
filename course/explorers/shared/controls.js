// What all explorers are moved with: sliders, buttons, a handle; and how they talk to Python.
// base.py joins this text with its neighbours and an explorer's own: no imports, no exports here.

const STYLE = `
.course-explorer {
  container-type: inline-size; padding: 6px 2px; line-height: 1.4;
  font: 13px var(--jp-ui-font-family, system-ui, sans-serif);
}
.course-row { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: center; }
.course-row { margin-bottom: 6px; }
.course-row label { display: inline-flex; align-items: center; gap: 8px; max-width: 100%; }
.course-row input[type="range"] { width: 220px; margin: 0; }
.course-row output { min-width: 4em; font-variant-numeric: tabular-nums; }
.course-explorer .course-row button {
  font: inherit; color: inherit; padding: 2px 12px; border-radius: 3px; cursor: pointer;
  border: 1px solid var(--course-edge); background: var(--course-field);
}
.course-buttons { display: inline-flex; gap: 6px; }
.course-row input[type="checkbox"] { margin: 0; }
.course-explorer canvas { display: block; width: 100%; }
.course-explorer canvas.course-swatch { width: 44px; height: 16px; }
.course-explorer :focus-visible {
  outline: 2px solid var(--course-accent); outline-offset: 2px;
}
.course-panels { display: grid; grid-template: 1fr 1fr / 21fr 10fr; gap: 4px 14px; }
.course-panels > div { position: relative; min-width: 0; min-height: 140px; }
.course-panels > :first-child { grid-row: span 2; }
.course-panels > :not(:first-child) > canvas { position: absolute; height: 100%; }
.course-waiting canvas { opacity: 0.35; transition: opacity 0s 0.15s; }
.course-explorer .course-handle {
  position: absolute; width: 24px; height: 24px; margin: -12px 0 0 -12px; padding: 0;
  border-radius: 50%; border: 2px solid currentColor; color: inherit; cursor: grab;
  background: radial-gradient(currentColor 0 3px, transparent 3.5px); touch-action: none;
}
.course-explorer .course-handle:active { cursor: grabbing; }
.course-words { margin: 6px 0 0; min-height: 2.8em; }
.course-words strong { display: block; }
.course-explorer .course-two { grid-template: auto / min(60%, var(--course-wide)) 1fr; }
.course-explorer .course-two > div { grid-area: auto; min-height: 220px; }
/* In a low window the panels stand in one row: what a task asks is seen together with them. */
.course-explorer { --course-wide: max(240px, calc((28vh - 58px) * 1.7 + 52px)); }
@media (max-height: 880px) {
  .course-panels { grid-template: auto / min(46%, var(--course-wide)) 1fr 1fr; }
  .course-panels > :first-child { grid-row: auto; }
}
@container (max-width: 640px) {
  .course-slider > span { min-width: 7.5em; white-space: nowrap; }
  .course-panels { grid-template: auto 190px / 1fr 1fr; }
  .course-panels > :first-child { grid-row: auto; grid-column: span 2; }
  .course-explorer .course-two { grid-template: auto / 1fr; }
  .course-explorer .course-two > div { min-height: 180px; }
}
/* Beside an open file browser: a slider takes what its name and its value leave of a line. */
@container (max-width: 460px) {
  .course-row > .course-slider { flex: 1 0 100%; }
  .course-row > .course-slider input[type="range"] { flex: 1; width: 0; min-width: 60px; }
  .course-slider output { max-width: 9em; }
  .course-panels, .course-explorer .course-halves { grid-template: auto / 1fr; }
  .course-panels > :first-child { grid-column: auto; }
}`;

/** An element; what can have the focus keeps its keys from JupyterLab's shortcuts. */
function make(tag, traits = {}, ...children) {
  const element = Object.assign(document.createElement(tag), traits);
  if (["input", "button"].includes(tag)) element.dataset.lmSuppressShortcuts = "true";
  element.append(...children);
  return element;
}

/** A place in `el` that calls draw(theme) after a change, a resize or a new theme: at once,
 *  so that the next frame shows it, but never twice for one frame. */
function stage(model, el, names, draw) {
  const root = make("div", { className: "course-explorer" }, make("style", { textContent: STYLE }));
  let due = 0, again = false;
  const next = () => ((due = 0), again && ((again = false), redraw()));
  const redraw = () => {
    if (due) return (again = true);
    due = requestAnimationFrame(next);
    if (root.clientWidth) draw(readTheme(root));
  };
  const resized = new ResizeObserver(redraw); // fires on attachment, too: colours hold from then
  resized.observe(root);
  const rethemed = new MutationObserver(redraw); // themes are switched by an attribute up there
  for (const above of [document.documentElement, document.body])
    rethemed.observe(above, { attributes: true });
  names.forEach((name) => model.on(`change:${name}`, redraw));
  el.append(root);
  const leave = () => (resized.disconnect(), rethemed.disconnect(), cancelAnimationFrame(due));
  return { root, redraw, leave };
}

/** The row of the first sweep that was computed for the model's parameters; null where none was.
 *  While something moves, the last row that came is taken as well: draw it at its own `at`. */
function pickRow(model, names) {
  const same = (parameter, value) => `${model.get(parameter)}` === `${value}`;
  for (const name of names) {
    const { over, at = {}, data, shape, columns, words } = model.get(name);
    const row = over ? model.get("positions")[over].indexOf(model.get(over)) : 0;
    const holds = Object.entries(at).every(([p, value]) => same(p, value));
    if (!data || row < 0 || !(holds || (!over && model.get("moving")))) continue;
    const size = shape[2], first = data.byteOffset + 4 * row * shape[1] * size;
    const floats = new Float32Array(data.buffer.slice(first, first + 4 * shape[1] * size));
    const column = (key) => floats.subarray(columns.indexOf(key) * size).subarray(0, size);
    const now = over ? { ...at, [over]: model.get(over) } : at;
    return { sweep: name, at: now, column, words: (key) => words[key]?.[row] ?? "" };
  }
  return null;
}

/** Sends changes to Python: `often` at most once a frame, `soon` when all has come to rest. */
function courier(model) {
  let frame = 0, timer = 0;
  const often = () => (frame ||= requestAnimationFrame(() => ((frame = 0), model.save_changes())));
  const rest = () => (model.set("moving", false), model.save_changes());
  const soon = () => (clearTimeout(timer), (timer = setTimeout(rest, 120)));
  return { often, soon };
}

function slider(model, name, { label, text, changed = () => {} }) {
  const positions = model.get("positions")[name];
  const input = make("input", { type: "range", min: 0, max: positions.length - 1 });
  input.dataset.parameter = name;
  const output = make("output", { ariaHidden: "true" });
  const show = () => {
    input.value = positions.indexOf(model.get(name));
    output.textContent = text(model.get(name));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => (model.set(name, positions[input.value]), changed()));
  model.on(`change:${name}`, show);
  show();
  return make("label", { className: "course-slider" }, make("span", {}, label), input, output);
}

/** The step's slider, and play, step and reset beside it; calls rested() when play ends.
 *  label: what a step is called; pace: milliseconds for one while it plays. */
function transport(model, rested, { label = "step", pace = 90 } = {}) {
  const last = model.get("positions").step.at(-1);
  let timer = 0;
  const go = (step) => model.set("step", Math.min(step, last));
  const stop = () => ((timer = clearInterval(timer)), (play.textContent = "▶ play"), rested());
  const tick = () => (model.get("step") < last ? go(model.get("step") + 1) : stop());
  const start = () => {
    if (model.get("step") === last) go(0);
    timer = setInterval(tick, pace);
    play.textContent = "❚❚ pause";
  };
  const play = make("button", { type: "button", onclick: () => (timer ? stop() : start()) });
  const step = make("button", { type: "button", textContent: label, onclick: tick });
  const reset = make("button", { type: "button", textContent: "reset" });
  reset.onclick = () => (stop(), go(0));
  play.textContent = "▶ play";
  const bar = slider(model, "step", { label, text: (k) => `${k} of ${last}` });
  const buttons = make("span", { className: "course-buttons" }, play, step, reset);
  return { parts: [bar, buttons], stop, playing: () => Boolean(timer) };
}

/** A round handle over a panel that moves a point, by mouse, finger or arrow keys. */
function handle(model, name, panel, label, { often, soon }) {
  const knob = make("button", { type: "button", className: "course-handle" });
  const fine = 10 ** Math.floor(Math.log10(panel.x[1]) - 2);
  const within = (value, [low, high]) => {
    const units = Math.round(Math.max(low, Math.min(high, value)) / fine);
    return fine < 1 ? units / Math.round(1 / fine) : units * fine; // no digits but its own
  };
  const move = (x, y) => {
    model.set("moving", true);
    model.set(name, [within(x, panel.x), within(y, panel.y)]);
    often(), soon();
  };
  knob.onpointerdown = (event) => knob.setPointerCapture(event.pointerId);
  knob.onpointermove = (event) =>
    knob.hasPointerCapture(event.pointerId) && move(...panel.at(event));
  knob.onkeydown = (event) => {
    const along = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const [dx, dy] = along[event.key] ?? [0, 0];
    const [x, y] = model.get(name), far = event.shiftKey ? 50 * fine : 10 * fine;
    if (dx || dy) event.preventDefault(), move(x + dx * far, y + dy * far);
  };
  knob.place = ([x, y]) => {
    Object.assign(knob.style, { left: `${panel.px(x)}px`, top: `${panel.py(y)}px` });
    knob.ariaLabel = `${label}, at ${decimal(x)} and ${decimal(y)}; arrow keys move it`;
  };
  return knob;
}

/** Put words under a picture, with what is wrong before them; only where they changed. */
function say(words, text, alarm = "") {
  if (words.dataset.said === alarm + text) return;
  words.replaceChildren(...(alarm ? [make("strong", { textContent: alarm })] : []), text);
  words.dataset.said = alarm + text;
}

/** A slider's number: two decimals, more only where it has more. */
function hundredths(value) {
  const fixed = value.toFixed(2);
  return Number(fixed) === value ? fixed : String(Number(value.toPrecision(3)));
}
