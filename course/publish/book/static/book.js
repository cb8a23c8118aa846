// What makes a page of the book live: the explorers' tiles, and the questions.
// A classic script, as pages are also read from a folder, where no module can be loaded.

// ---- tiles: scripts that say courseTiles.push([key, packed text or function]) ----------------

const BASE = new URL(".", document.currentScript.src);
const arrived = new Map(), awaited = new Map();
const early = window.courseTiles ?? [];
window.courseTiles = { push: take };
early.forEach(take);

function take([key, content]) {
  arrived.set(key, typeof content === "string" ? inflate(content) : Promise.resolve(content));
  awaited.get(key)?.(arrived.get(key));
}

/** What a script brings: loaded when it is first asked for. */
function fetched(key, path) {
  if (!arrived.has(key)) {
    arrived.set(key, new Promise((resolve, reject) => {
      awaited.set(key, resolve);
      const script = Object.assign(document.createElement("script"), { src: new URL(path, BASE) });
      script.onerror = () => (arrived.delete(key), reject(new Error(`${path} is missing.`)));
      document.head.append(script);
    }));
  }
  return arrived.get(key);
}

async function inflate(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const parsed = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** A tile's rows: the sentences of each, and its numbers, put together again from what `pack` in
 *  packing.py has taken apart: first bytes first, and each number less the one a step before. */
function unpack(bytes, columns, steps) {
  const end = 4 + new DataView(bytes.buffer).getUint32(0, true);
  const words = parsed(bytes.subarray(4, end)), planes = bytes.subarray(end);
  const size = planes.length / 4, bits = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const own = planes[i] | (planes[i + size] << 8) | (planes[i + 2 * size] << 16) |
      (planes[i + 3 * size] << 24);
    bits[i] = i % steps ? own + bits[i - 1] : own;
  }
  return { words, numbers: new Float32Array(bits.buffer), wide: columns * steps };
}

// ---- the model: what anywidget's is in JupyterLab, but that it asks tiles instead of Python ----

class TileModel {
  constructor(key, state) {
    Object.assign(this, state, { key, values: { ...state.traits }, heard: {}, tiles: new Map() });
    this.look();
  }

  get(name) {
    return this.values[name] ?? (name.startsWith("by_") || name === "here" ? {} : this.values[name]);
  }

  on(event, call) {
    (this.heard[event] ??= new Set()).add(call);
  }

  off(event, call) {
    this.heard[event]?.delete(call);
  }

  save_changes() {} // there is nobody to tell

  set(name, value) {
    const before = this.values[name];
    if (String(before) === String(value) && typeof before === typeof value) return;
    this.values[name] = value;
    if (name === "runner") this.handOver(before, value);
    const brought = name === "surface" ? this.brought[value] : {};
    Object.entries(brought).forEach((pair) => this.tell(...pair));
    // The row first, so that whoever hears of the change can draw it in this very frame.
    if (this.grids.some(({ parameters }) => parameters.includes(name))) this.look();
    this.tell(name, value);
  }

  tell(name, value) {
    this.values[name] = value;
    this.heard[`change:${name}`]?.forEach((call) => call());
  }

  /** The sliders stand as they stood for the runner that is chosen; the other keeps its own. */
  handOver(left, chosen) {
    const settings = this.get("settings").slice();
    settings[left] = [this.get("factor"), this.get("momentum")];
    this.values.settings = settings;
    ["factor", "momentum"].forEach((name, i) => this.tell(name, settings[chosen][i]));
  }

  /** Where a value of a grid's axis is: a trait, or what was kept for a runner that rests. */
  value({ resting: { runner, places = {} } }, axis) {
    if (!(axis in places) || runner === this.get("runner")) return this.get(axis);
    const [name, i, j] = places[axis];
    return this.get(name)[i][j];
  }

  rowOf(grid, group, moved = {}) {
    return group.axes.reduce((row, axis) => {
      const value = moved[axis] ?? this.value(grid, axis);
      return row * grid.axes[axis].length + grid.axes[axis].indexOf(value);
    }, 0);
  }

  /** The tile that holds a row, or, while it is still on its way, its promise. */
  tile(group, row) {
    const [first, number] = group.tiles.findLast(([start]) => start <= row);
    const found = this.tiles.get(number);
    if (found) return { found, place: row - first };
    const path = `tiles/${this.key}/${number}.js`;
    return { coming: fetched(`${this.key}/${number}`, path).then((bytes) =>
      this.tiles.set(number, unpack(bytes, group.columns.length, group.steps))) };
  }

  /** Hand out the row for the parameters as they are; where a tile is missing, once it is there. */
  async look() {
    const grids = this.grids.filter(({ where }) =>
      Object.entries(where).every(([name, value]) => this.get(name) === value));
    const parts = grids.flatMap((grid) => grid.groups.map((group) =>
      ({ group, ...this.tile(group, this.rowOf(grid, group)) })));
    const coming = parts.filter(({ coming }) => coming).map(({ coming }) => coming);
    if (coming.length) {
      await Promise.all(coming); // greyed until then, as the row at hand is another's
      await this.look();
      return this.tell(`by_${this.swept[0]}`, this.get(`by_${this.swept[0]}`));
    }
    const at = Object.fromEntries(grids[0].parameters.map((name) => [name, this.get(name)]));
    this.hand(parts, at);
    this.prepare(grids);
  }

  hand(parts, at) {
    const steps = Math.max(...parts.map(({ group }) => group.steps)), columns = [], words = {};
    const count = parts.reduce((sum, { group }) => sum + group.columns.length, 0);
    const data = new Float32Array(count * steps);
    for (const { group, found: { words: told, numbers, wide }, place } of parts) {
      data.set(numbers.subarray(place * wide, (place + 1) * wide), columns.length * steps);
      columns.push(...group.columns);
      group.words.forEach((key, i) => (words[key] = [told[place][i]]));
    }
    const row = { over: null, at, data, shape: [1, count, steps], columns, words };
    this.swept.forEach((name) => (this.values[`by_${name}`] = row));
  }

  /** Load what any one slider can reach next, a tile at a time, while nothing else is to be done. */
  async prepare(grids) {
    if (!this.touched || this.preparing) return;
    this.preparing = true;
    for (const grid of grids) for (const group of grid.groups)
      for (const axis of group.axes.filter((name) => this.swept.includes(name)))
        for (const value of grid.axes[axis]) {
          const { coming } = this.tile(group, this.rowOf(grid, group, { [axis]: value }));
          if (coming) await coming, await idle();
        }
    this.preparing = false;
  }
}

const idle = () => new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));

async function show(place) {
  const { explorer: key } = place.dataset, [kind] = key.split("-");
  const [render, state] = await Promise.all([
    fetched(kind, `explorers/${kind}.js`), fetched(key, `tiles/${key}/state.js`).then(parsed),
  ]);
  const model = new TileModel(key, state), touched = () => (model.touched = true, model.look());
  ["pointerdown", "focusin"].forEach((event) => place.addEventListener(event, touched, { once: true }));
  place.closest(".output")?.previousElementSibling?.classList.add("course-still");
  render({ model, el: place });
  performance.mark("course-explorer");
}

/** What is wider than its place can be scrolled by keys; a list's caption has a heading's level,
 *  and what folds is called what stands there, not "Toggle hidden content". */
function reachable() {
  document.querySelectorAll("pre, div.math, .table-wrapper").forEach((wide) => {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute("tabindex");
  });
  document.querySelectorAll("[role=heading]:not([aria-level])").forEach((head) =>
    head.setAttribute("aria-level", "2"));
  document.querySelectorAll("summary[aria-label]").forEach((fold) =>
    fold.removeAttribute("aria-label"));
}
addEventListener("resize", reachable);
addEventListener("toggle", reachable, true); // what is unfolded has a width only then

// A theme that follows the system's changes no attribute: tell who listens for one.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) =>
  (document.body.dataset.system = matches ? "dark" : "light"));
document.addEventListener("DOMContentLoaded", () =>
  (reachable(), document.querySelectorAll(".course-live").forEach(show)));
