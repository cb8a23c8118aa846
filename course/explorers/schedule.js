// Learning-rate schedules: the rate, the loss and the moves of two balls, one above the other.

const SWEEPS = ["by_schedule", "by_learning_rate", "by_momentum"];
const WATCHED = [...SWEEPS, "schedule", "learning_rate", "momentum", "step"];
const RATE = { colour: "#555555", dark: "#bbbbbb", line: "-", marker: "o" };

function render({ model, el }) {
  const looks = model.get("looks"), { root, redraw, leave } = stage(model, el, WATCHED, draw);
  const mail = courier(model), buttons = transport(model, redraw);
  const panels = stack(model.get("scene"), model.get("positions").step.at(-1));
  const samples = Object.entries(looks).reverse().map(([key, look]) => [key, swatch(look)]);
  const legend = samples.map(([key, sample]) => make("label", {}, sample, looks[key].label));
  const words = make("p", { className: "course-words", ariaLive: "polite" });
  const rates = [
    ["learning_rate", "learning rate η"],
    ["momentum", "momentum β"],
  ].map(([name, label]) => slider(model, name, { label, text: hundredths, changed: mail.soon }));
  const pictures = make("div", { className: "course-panels" });
  pictures.append(...Object.values(panels).map(({ canvas }) => canvas));
  pictures.style.display = "block"; // one above the other: they share the steps
  root.append(
    choice(model, mail),
    make("div", { className: "course-row" }, ...rates),
    make("div", { className: "course-row" }, ...buttons.parts),
    make("div", { className: "course-row" }, ...legend),
    pictures,
    words,
  );

  function draw(theme) {
    const row = pickRow(model, SWEEPS), k = model.get("step");
    root.classList.toggle("course-waiting", !row);
    if (row) {
      const keys = Object.keys(looks).filter((key) => key !== "constant" || changes(row));
      panels.rate.y = [0, 1.1 * row.at.learning_rate];
      for (const panel of Object.values(panels)) {
        panel.begin(theme);
        panel.rule(panel.px(k), 0, panel.px(k), panel.height - panel.inner.bottom, 0.4);
      }
      drawRate(panels.rate, row, looks.constant, k);
      for (const name of ["loss", "move"])
        drawLines(panels[name], keys.map((key) => [row.column(`${key}.${name}`), looks[key]]), k);
      for (const [key, sample] of samples) {
        sample.parentElement.style.display = keys.includes(key) ? "" : "none";
        sample.paint(theme);
      }
      say(words, told(row, k));
      root.dataset.now = JSON.stringify(now(row, keys, k));
    }
    words.ariaBusy = String(buttons.playing() || !row);
  }
  return () => (buttons.stop(), leave());
}

/** Radio buttons; their name is drawn by lot, so that two views are not one group. */
function choice(model, mail) {
  const group = make("div", { className: "course-row", role: "radiogroup" }, "schedule");
  const name = `schedule-${Math.random()}`;
  group.ariaLabel = "schedule";
  const boxes = model.get("positions").schedule.map((value) => {
    const box = make("input", { type: "radio", name, value });
    box.style.margin = 0;
    box.onchange = () => (model.set("schedule", value), mail.soon());
    group.append(make("label", {}, box, value));
    return box;
  });
  const show = () => boxes.forEach((box) => (box.checked = box.value === model.get("schedule")));
  model.on("change:schedule", show);
  show();
  return group;
}

function stack({ runs, loss, move }, last) {
  const panel = (height, bottom, axes) => {
    const made = new Panel({ x: [0, last], label: "", ...axes });
    Object.assign(made.inner, { bottom, right: 14 }); // room for the last step's number
    made.canvas.style.height = `min(${height}px, ${height / 10}vh)`;
    made.canvas.ariaLabel = `${axes.title} against the step`;
    return made;
  };
  const moves = `how far w moves per step, root mean square of ${runs} runs`;
  return {
    rate: panel(150, 20, { y: [0, 1], title: "learning rate η" }),
    loss: panel(150, 20, { y: loss, title: `loss ½ w², mean of ${runs} runs`, log: true }),
    move: panel(170, 36, { y: move, title: moves, label: "step", log: true }),
  };
}

const changes = (row) => row.at.schedule !== "constant";

function drawRate(panel, row, constant, k) {
  const rate = row.column("rate"), steps = rate.map((_, i) => i);
  if (changes(row)) panel.line(steps, rate.map(() => row.at.learning_rate), constant);
  panel.line(steps, rate, RATE);
  panel.marker(k, rate[k], RATE, 5.5);
}

/** Lines on a log axis: a 0 or an overflow goes to its edge, where a marker is hollow. What is
 *  drawn first has the larger marker, which is seen behind one at the same place. */
function drawLines(panel, lines, k) {
  lines.forEach(([values, look], i) => {
    const near = values.map((value) => Math.max(1e-30, Math.min(1e30, value)));
    panel.line(near.map((_, step) => step), near, look);
    panel.marker(k, near[k], look, 8 - 1.25 * i);
  });
}

function told(row, k) {
  const at = (name) => brief(row.column(name)[k]);
  const constant = changes(row) ? `, at constant η ${at("constant.loss")}` : "";
  return `After ${k} ${k === 1 ? "step" : "steps"} – mean loss: Keras's ball ${at("keras.loss")}, ` +
    `PyTorch's ${at("torch.loss")}${constant}. The next step, at η = ${at("rate")}: Keras's ball ` +
    `moves ${at("keras.move")}, PyTorch's ${at("torch.move")}. ${row.words("told")}`;
}

/** What is drawn at the chosen step, as numbers: for tests, and for whoever inspects the page. */
function now(row, keys, k) {
  const numbers = keys.map((key) =>
    [key, { loss: row.column(`${key}.loss`)[k], move: row.column(`${key}.move`)[k] }]);
  const rate = row.column("rate")[k];
  return { step: k, sweep: row.sweep, at: row.at, rate, ...Object.fromEntries(numbers) };
}

export default { render };
