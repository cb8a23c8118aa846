// A prediction: options to choose, a number to type or things to put in order; then its answer.

const STYLE = `
.course-predict {
  font: 14px/1.5 var(--jp-ui-font-family, system-ui, sans-serif);
  max-width: 640px; padding: 4px 2px;
}
.course-predict .options { display: flex; flex-wrap: wrap; gap: 6px; }
.course-predict .long { flex-direction: column; align-items: stretch; }
.course-predict button, .course-predict input {
  font: inherit; padding: 3px 12px; border-radius: 3px; text-align: left;
  color: inherit; background: var(--course-paper); border: 1px solid var(--course-edge);
}
.course-predict button { cursor: pointer; }
.course-predict button:hover:not(:disabled) { background: var(--course-field); }
.course-predict button:focus-visible, .course-predict input:focus-visible {
  outline: 2px solid var(--course-accent); outline-offset: 1px;
}
.course-predict button[aria-pressed=true] { border-width: 2px; padding: 2px 11px; font-weight: 600; }
.course-predict button:disabled { opacity: 0.55; cursor: default; }
.course-predict code { font-size: 0.9em; }
.course-predict p { margin: 6px 0 0; }
.course-predict .mark { font-weight: 600; }
.course-predict .passed .mark { color: var(--course-good); }
.course-predict .missed .mark { color: var(--course-bad); }`;
const LONG = 40;  // letters: options that are longer stand below each other
const PATIENCE = 5000;  // milliseconds until a kernel that does not answer is said to be away

function make(tag, traits = {}, ...children) {
  const element = Object.assign(document.createElement(tag), traits);
  // What can have the focus keeps its keys from JupyterLab's shortcuts.
  if (["button", "input"].includes(tag)) element.dataset.lmSuppressShortcuts = "true";
  element.append(...children);
  return element;
}

function render({ model, el }) {
  const { kind, text, labels } = model.get("question");
  const said = make("div", { ariaLive: "polite" });
  const body = make("div", { className: "course-predict", role: "group" });
  let waiting = 0;

  function send(guess) {
    said.replaceChildren(make("p", { textContent: "…" }));
    clearTimeout(waiting);
    waiting = setTimeout(() => said.replaceChildren(make("p", {
      textContent: "No kernel answers. Run this cell again, then choose.",
    })), PATIENCE);
    model.send({ guess });
  }
  const [part, mark] = { choice, number, order }[kind]({ labels, send });

  function answer() {
    const { number, guess, passed, html, next } = model.get("answer");
    if (!number) return;
    clearTimeout(waiting);
    mark(guess);
    const known = passed !== undefined;
    const words = { true: "✓ That holds. ", false: "✗ Not so. ", undefined: "" }[passed];
    said.className = known ? (passed ? "passed" : "missed") : "";
    const line = make("p", {}, make("span", { className: "mark", textContent: words }),
      make("span", { innerHTML: html }));
    said.replaceChildren(line, ...(next ? [make("p", { textContent: next })] : []));
  }
  model.on("change:answer", answer);
  answer();
  body.ariaLabel = make("span", { innerHTML: text }).textContent;
  el.append(make("style", { textContent: STYLE }), body);
  body.append(part, said);
  return () => (clearTimeout(waiting), model.off("change:answer", answer));
}

function choice({ labels, send }) {
  const buttons = labels.map((label, i) =>
    make("button", { type: "button", innerHTML: label, ariaPressed: "false", onclick: () => send(i) }));
  const mark = (guess) => buttons.forEach((each, i) => (each.ariaPressed = String(i === guess)));
  return [row(buttons), mark];
}

function number({ send }) {
  const input = make("input", { size: 12, inputMode: "decimal", ariaLabel: "Your number" });
  const button = make("button", { type: "button", textContent: "Guess" });
  button.onclick = () => send(input.value);
  input.onkeydown = (event) => {
    if (event.key === "Enter") button.click();
  };
  return [make("div", { className: "options" }, input, button), (guess) => (input.value = guess)];
}

function order({ labels, send }) {
  let placed = [];
  const chosen = make("p"), again = make("button", { type: "button", textContent: "Start again" });
  const buttons = labels.map((label, i) =>
    make("button", { type: "button", innerHTML: label, onclick: () => (placed.push(i), draw()) }));
  function draw() {
    buttons.forEach((each, i) => (each.disabled = placed.includes(i)));
    again.disabled = !placed.length;
    chosen.textContent = placed.map((i, n) => `${n + 1}. ${buttons[i].textContent}`).join("   ");
    if (placed.length === labels.length) send(placed);
    else buttons.find((each) => !each.disabled && placed.length)?.focus();
  }
  again.onclick = () => ((placed = []), draw(), buttons[0].focus());
  again.disabled = true;
  const mark = (guess) => {
    if (!Array.isArray(guess) || String(guess) === String(placed)) return;
    placed = guess.slice();
    buttons.forEach((each, i) => (each.disabled = placed.includes(i)));
  };
  return [make("div", {}, row([...buttons, again]), chosen), mark];
}

function row(buttons) {
  const long = buttons.some((each) => each.textContent.length > LONG);
  return make("div", { className: long ? "options long" : "options" }, ...buttons);
}

export default { render };
