// The learner's progress: a row for each chapter that opens to its tasks, and a button that looks again.

const STYLE = `
.course-progress {
  font: 13px/1.5 var(--jp-ui-font-family, system-ui, sans-serif);
  color: var(--jp-ui-font-color1, inherit); max-width: 640px; padding: 4px 2px;
}
.course-progress summary { display: flex; gap: 10px; align-items: center; cursor: pointer; }
.course-progress summary > span:first-child { flex: 1; }
.course-progress summary > span:last-child { min-width: 8em; font-variant-numeric: tabular-nums; }
.course-progress progress { width: 140px; accent-color: var(--jp-brand-color1, auto); }
.course-progress ul { margin: 2px 0 6px; padding-left: 18px; list-style: none; }
.course-progress .done { color: var(--jp-success-color0, green); }
.course-progress .wrong { color: var(--jp-error-color0, darkred); }
.course-progress button { font: inherit; margin-right: 10px; cursor: pointer; }`;
const MARKS = { done: "✓", wrong: "✗", open: "○" };

function make(tag, traits = {}, ...children) {
  const element = Object.assign(document.createElement(tag), traits);
  // What can have the focus keeps its keys from JupyterLab's shortcuts.
  if (["button", "summary"].includes(tag)) element.dataset.lmSuppressShortcuts = "true";
  element.append(...children);
  return element;
}

function render({ model, el }) {
  const list = make("div"), next = make("span", { ariaLive: "polite" });
  const again = make("button", { type: "button", textContent: "Look again" });
  again.onclick = () => (model.set("looking", true), model.save_changes());

  function draw() {
    const open = new Set([...list.querySelectorAll("details[open]")].map((each) => each.dataset.of));
    list.replaceChildren(...model.get("chapters").map((chapter) => row(chapter, open)));
    next.textContent = model.get("looking") ? "Looking at your answers …" : model.get("following");
    again.disabled = model.get("looking");
  }
  ["chapters", "following", "looking"].forEach((name) => model.on(`change:${name}`, draw));
  draw();
  const style = make("style", { textContent: STYLE });
  el.append(make("div", { className: "course-progress" }, style, list, make("p", {}, again, next)));
}

function row({ title, count, part, tasks, problem }, open) {
  const bar = make("progress", { max: 1, value: part, ariaLabel: `${title}: ${count}` });
  const head = make("summary", {}, make("span", {}, title), bar, make("span", {}, count));
  const lines = tasks.map(({ name, title, state }) =>
    make("li", { className: state }, `${MARKS[state]} ${name}  ${title}`));
  if (problem) lines.push(make("li", { className: "wrong" }, problem));
  const details = make("details", { open: open.has(title) }, head, make("ul", {}, ...lines));
  details.dataset.of = title;
  return details;
}

export default { render };
