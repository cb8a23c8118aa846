// The learner's progress: a row for each chapter that opens to its tasks, and a button that looks again.

const STYLE = `
.course-progress {
  font: 13px/1.5 var(--jp-ui-font-family, system-ui, sans-serif);
  max-width: 640px; padding: 4px 2px;
}
.course-progress summary { display: flex; gap: 10px; align-items: center; cursor: pointer; }
.course-progress summary > span:first-of-type { flex: 1; }
.course-progress summary > span:nth-of-type(n + 2) { min-width: 7em; font-variant-numeric: tabular-nums; }
.course-progress progress { width: 140px; accent-color: inherit; }
.course-progress ul { margin: 2px 0 6px; padding-left: 18px; list-style: none; }
.course-progress .done { color: var(--course-good); }
.course-progress .wrong { color: var(--course-bad); }
.course-progress summary::before { content: "▸"; }
.course-progress details[open] > summary::before { content: "▾"; }
.course-progress a { color: inherit; text-decoration: underline; }
.course-progress button {
  font: inherit; color: inherit; margin-right: 10px; padding: 2px 12px; border-radius: 3px; cursor: pointer;
  border: 1px solid var(--course-edge); background: var(--course-field);
}`;
const MARKS = { done: "✓", wrong: "✗", open: "○" };

function make(tag, traits = {}, ...children) {
  const element = Object.assign(document.createElement(tag), traits);
  // What can have the focus keeps its keys from JupyterLab's shortcuts.
  if (["button", "summary"].includes(tag)) element.dataset.lmSuppressShortcuts = "true";
  element.append(...children);
  return element;
}

// A link to a place in another notebook, opened as JupyterLab opens those in its texts; elsewhere
// than in JupyterLab, the words alone.
function link(model, target, text) {
  const { linkHandler, resolver } = model.widget_manager?.rendermime ?? {};
  if (!target || !linkHandler || !resolver) return make("span", {}, text);
  const [file, place] = target.split("#");
  const anchor = make("a", { href: "#" }, text);
  anchor.onclick = (event) => event.preventDefault();
  anchor.dataset.lmSuppressShortcuts = "true";
  resolver.resolveUrl(file).then((path) => linkHandler.handleLink(anchor, path, place ? `#${place}` : ""));
  return anchor;
}

function render({ model, el }) {
  const list = make("div"), next = make("span", { ariaLive: "polite" });
  const again = make("button", { type: "button", textContent: "Look again" });
  again.onclick = () => (model.set("looking", true), model.save_changes());

  function draw() {
    const open = new Set([...list.querySelectorAll("details[open]")].map((each) => each.dataset.of));
    list.replaceChildren(...model.get("chapters").map((chapter) => row(model, chapter, open)));
    const following = model.get("following");
    next.replaceChildren(model.get("looking") ? "Looking at your answers …"
      : link(model, following.link, following.text));
    again.disabled = model.get("looking");
  }
  ["chapters", "following", "looking"].forEach((name) => model.on(`change:${name}`, draw));
  draw();
  const style = make("style", { textContent: STYLE });
  el.append(make("div", { className: "course-progress" }, style, list, make("p", {}, again, next)));
}

function row(model, chapter, open) {
  const { title, read, count, part, tasks, problem } = chapter;
  const bar = make("progress", { max: 1, value: part, ariaLabel: `${title}: ${count}` });
  if (!tasks.length) bar.style.visibility = "hidden";
  const words = [title, read].map((each) => make("span", {}, each));
  const head = make("summary", {}, ...words, bar, make("span", {}, count));
  const lines = tasks.map(({ name, title, state, link: target }) =>
    make("li", { className: state }, `${MARKS[state]} `, link(model, target, `${name}  ${title}`)));
  lines.unshift(make("li", {}, link(model, chapter.link, "the chapter")));
  if (problem) lines.push(make("li", { className: "wrong" }, problem));
  const details = make("details", { open: open.has(title) }, head, make("ul", {}, ...lines));
  details.dataset.of = title;
  return details;
}

export default { render };
