// Shows what the server tells, as it comes; all of it is text, and none of it is read as HTML.
const get = (id) => document.getElementById(id);
const teacher = document.body.dataset.which === "teacher";
const names = teacher && document.body.dataset.names === "yes";
const chosen = { view: names ? "learners" : "tasks", sheet: "", prediction: "", reveal: false };
let told = null;

function make(tag, options = {}, ...children) {
  const { ariaLabel, role, ...rest } = options;
  const element = Object.assign(document.createElement(tag), rest);
  if (ariaLabel) element.setAttribute("aria-label", ariaLabel);
  if (role) element.setAttribute("role", role);
  element.append(...children);
  return element;
}

// One line of the course's Markdown: `code`, **strong** and *stress*.
function marked(text) {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/);
  return parts.map((part) => {
    if (/^`.+`$/.test(part)) return make("code", { textContent: part.slice(1, -1) });
    if (/^\*\*.+\*\*$/.test(part)) return make("strong", { textContent: part.slice(2, -2) });
    if (/^\*.+\*$/.test(part)) return make("em", { textContent: part.slice(1, -1) });
    return part;
  });
}

const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
const words = (...parts) => make("p", { className: "quiet", textContent: parts.join(" ") });

// ---- what is shown --------------------------------------------------------------------

const sheetNow = () => told.sheets.find((each) => each.number === (chosen.sheet || told.sheet)) ?? told.sheets.at(-1);
const predictionNow = () =>
  told.predictions.find((each) => each.name === (chosen.prediction || told.prediction)) ?? told.predictions.at(-1);

function tasks() {
  const sheet = sheetNow();
  if (!sheet) return told.joined ? waiting("No check has come yet.") : invitation();
  heading(`Exercise ${sheet.number}`, sheet.title);
  const whole = Math.max(1, told.joined);
  const left = make("section", { ariaLabel: "Tasks" }, ...sheet.tasks.map((task) => taskOf(task, whole)), key([
    ["pass", "holds"], ["at", "at it"], ["stuck", "for more than 5 minutes"]]));
  const made = sheet.tasks.flatMap((task) => task.mistakes.map((mistake) => ({ ...mistake, task })));
  made.sort((a, b) => b.now - a.now || b.ever - a.ever);
  const now = made.filter((each) => each.now);
  const shown = (now.length ? now : made).slice(0, 5);
  const right = make("section", {}, make("h2", { textContent: now.length ? "What is in the way now" : "What was in the way" }),
    shown.length ? make("ol", { className: "mistakes" }, ...shown.map(mistakeOf)) : words("No known mistake so far."));
  return make("div", { className: sheet.tasks.length > 5 ? "columns many" : "columns" }, left, right);
}

function taskOf({ name, title, passed, at, stuck }, whole) {
  const bar = make("div", { className: "bar", role: "img", ariaLabel: `${passed} hold, ${at} at it, ${stuck} of them for more than 5 minutes` });
  for (const [kind, number] of [["pass", passed], ["at", at - stuck], ["stuck", stuck]]) {
    if (!number) continue;
    const part = make("i", { className: kind, textContent: number });
    part.style.width = `${(100 * number) / whole}%`;
    bar.append(part);
  }
  return make("div", { className: "task" },
    make("h3", {}, make("span", { textContent: `${title}  ` }), make("span", { className: "mono", textContent: name })), bar);
}

function mistakeOf({ now, ever, text, task }) {
  const more = now && ever > now ? ` · ${ever} in all` : "";
  return make("li", { className: now ? "" : "past" },
    make("span", { className: "number", textContent: now || ever }),
    make("div", {}, make("p", { className: "over", textContent: `${task.title}${more}` }),
      make("p", { className: "words" }, ...marked(text))));
}

function predictions() {
  const asked = predictionNow();
  if (!asked) return told.joined ? waiting("No prediction has come yet.") : invitation();
  const place = told.predictions.indexOf(asked) + 1;
  heading(`Prediction ${asked.name} · ${place} of ${told.predictions.length}`, "What do you expect?");
  const most = Math.max(1, ...asked.options.flatMap((each) => [each.before, each.after]));
  const after = asked.options.some((each) => each.after);
  const options = asked.options.map((option, i) => {
    const right = chosen.reveal && i === asked.right;
    const kinds = after ? ["before", "after"] : ["before"];
    return make("li", { className: right ? "right" : "" },
      make("span", { className: "label" }, right ? "✓ " : "", ...marked(option.label)),
      make("div", { className: "votes" }, ...kinds.map((kind) => vote(kind, option[kind], most))));
  });
  return make("div", {}, make("p", { className: "question" }, ...marked(asked.text)),
    make("ol", { className: "options" }, ...options),
    key([["before", "before the reveal"], ...(after ? [["after", "after it"]] : [])], count(asked.voted, "vote")));
}

function vote(kind, number, most) {
  const fill = make("b");
  fill.style.width = `${(100 * number) / most}%`;
  return make("div", { className: `vote ${kind} ${number ? "" : "none"}`, role: "img", ariaLabel: `${number} ${kind} the reveal` },
    make("i", {}, fill), make("span", { textContent: number }));
}

function learners() {
  heading("For you alone", "Learners");
  if (!told.learners?.length) return invitation();
  const head = make("tr", {}, ...["learner", "is at", "stuck", "checks", "what is in the way", "hold"].map((text, i) =>
    make("th", { textContent: text, className: [2, 3, 5].includes(i) ? "number" : "" })));
  const rows = told.learners.map((each) =>
    make("tr", { className: `${each.stuck ? "stuck" : ""} ${each.away ? "away" : ""}` },
      make("td", { textContent: each.learner + (each.away ? " (away)" : "") }), make("td", { className: "mono", textContent: each.at }),
      make("td", { className: "number", textContent: each.stuck ? `${each.stuck} min` : "" }),
      make("td", { className: "number", textContent: each.checks || "" }),
      make("td", {}, ...marked(each.mistake)), make("td", { className: "number", textContent: each.passed })));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

function invitation() {
  heading("", "Join the class");
  return make("div", { className: "empty" }, make("p", { textContent: "In any notebook of the course, write" }),
    make("p", { className: "big" }, make("code", { textContent: line() })),
    make("p", { textContent: "It hears which task you check, whether it holds, and which known mistake it was. Never your code." }));
}

function waiting(sentence) {
  heading("", "The class");
  return make("div", { className: "empty" }, make("p", { className: "big", textContent: `${count(told.joined, "has", "have")} joined` }),
    make("p", { textContent: sentence }));
}

const line = () => `join("${told.address}", "${told.code}")`;
const key = (kinds, more) => make("p", { className: "key" }, ...(more ? [make("span", { textContent: more })] : []),
  ...kinds.map(([kind, text]) => make("span", {}, make("i", { className: kind }), text)));

function heading(over, title) {
  get("over").textContent = over;
  get("title").textContent = title;
}

const VIEWS = { tasks, predictions, learners };

function draw() {
  if (!told) return;
  const shown = VIEWS[chosen.view]();
  shown.className ||= "view";
  get("main").className = shown.className === "empty" ? "empty" : "";
  get("main").replaceChildren(...(shown.className === "empty" ? shown.childNodes : [shown]));
  get("figures").replaceChildren(...[["joined", told.joined, ""], ["stuck over 5 min", told.stuck, told.stuck ? "stuck" : ""]].map(
    ([name, number, kind]) => make("div", { className: kind }, make("dt", { textContent: name }), make("dd", { textContent: number }))));
  get("invitation").replaceChildren(make("code", { textContent: line() }));
  say(told.problem && `The class cannot be written to its file (${told.problem}). Learners keep what they have to tell; make room on the disk.`);
  for (const view of Object.keys(VIEWS)) get(view)?.setAttribute("aria-pressed", chosen.view === view);
  const which = { tasks: "sheet", predictions: "prediction" }[chosen.view];
  for (const id of ["before", "after"]) get(id).hidden = !which || told[`${which}s`].length < 2;
  get("follow").hidden = !which || !chosen[which];
  get("reveal").hidden = chosen.view !== "predictions";
  get("reveal").setAttribute("aria-pressed", chosen.reveal);
  fit();
}

// A projector has no scroll bar: of the mistakes as many as there is room for, the most frequent.
function fit() {
  const list = document.querySelector(".mistakes"), foot = document.querySelector("footer").offsetHeight + 24;
  while (list?.children.length > 2 && list.getBoundingClientRect().bottom > innerHeight - foot) list.lastChild.remove();
}
addEventListener("resize", () => draw());

function say(sentence) {
  if (get("problem").textContent !== (sentence || "")) get("problem").textContent = sentence || "";
  get("problem").hidden = !sentence;
}

// ---- what is pressed ------------------------------------------------------------------

function move(by) {
  const [which, all, id, now] = chosen.view === "tasks"
    ? ["sheet", told.sheets, "number", sheetNow()] : ["prediction", told.predictions, "name", predictionNow()];
  if (!now || chosen.view === "learners") return;
  chosen[which] = all[(all.indexOf(now) + by + all.length) % all.length][id];
  chosen.reveal = false;
}

function theme(name) {
  document.documentElement.dataset.theme = name;
  try { localStorage.setItem("theme", name); } catch { /* it is not kept, then */ }
}

const DO = {
  tasks: () => (chosen.view = "tasks"),
  predictions: () => (chosen.view = "predictions"),
  learners: () => names && (chosen.view = "learners"),
  before: () => move(-1),
  after: () => move(1),
  follow: () => (chosen.sheet = chosen.prediction = ""),
  reveal: () => (chosen.reveal = !chosen.reveal),
  theme: () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
  full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};
const KEYS = { 1: "tasks", 2: "predictions", 3: "learners", ArrowLeft: "before", ArrowRight: "after", Escape: "follow", r: "reveal", t: "theme", f: "full" };

function press(what) {
  if (!told && what !== "theme") return;
  DO[what]();
  draw();
}
for (const what of Object.keys(DO)) get(what)?.addEventListener("click", () => press(what));
addEventListener("keydown", (event) => {
  const what = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!what || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  press(what);
});

let kept = null;
try { kept = localStorage.getItem("theme"); } catch { /* none is kept */ }
theme(kept ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

const events = new EventSource(`${location.pathname}/events`);
events.onmessage = (event) => {
  told = JSON.parse(event.data);
  draw();
};
events.onerror = () => {
  // A browser asks again where nobody answers, and never again where the answer was no.
  if (events.readyState === EventSource.CLOSED)
    return say("This page is no longer the class's; this is how things stood. Open the address that your terminal shows.");
  say("The class's server does not answer; this is how things stood. It goes on by itself when the server is back.");
};
