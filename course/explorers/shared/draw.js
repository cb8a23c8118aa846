// What all explorers draw with: the theme's colours, numbers in words, level lines, paths, samples.
// base.py joins this text with its neighbours and an explorer's own: no imports, no exports here.

const DASHES = { "-": [], "--": [7, 4], ":": [1.5, 4.5], "-.": [9, 4, 1.5, 4] };

function readTheme(root) {
  const { color: ink, backgroundColor: paper, fontFamily: font } = getComputedStyle(root);
  const [red, green, blue] = ink.match(/[\d.]+/g).map(Number);
  const dark = 0.3 * red + 0.6 * green + 0.1 * blue > 140;
  root.style.colorScheme = dark ? "dark" : "light";
  return { ink, paper, font, colour: (look) => (dark ? look.dark : look.colour) };
}

const decimal = (value) => String(value).replace("-", "\u2212");

/** A number for reading: two figures, and a power of ten where it is very large or small. */
function brief(value) {
  if (Number.isNaN(value)) return "no number";
  if (!Number.isFinite(value)) return "without bound";
  if (value === 0) return "0";
  if (Math.abs(value) >= 99.5 && Math.abs(value) < 1e4) return decimal(Math.round(value));
  if (Math.abs(value) >= 1e-3 && Math.abs(value) < 100) return decimal(value.toPrecision(2));
  const [digits, power] = value.toExponential(1).split("e");
  return `${decimal(digits)} · ${powerOfTen(+power)}`;
}

const powerOfTen = (power) =>
  `10${[...String(power)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("")}`;

function ticks([low, high], about) {
  const power = 10 ** Math.floor(Math.log10((high - low) / about));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= (high - low) / about);
  const count = Math.floor(high / step) - Math.ceil(low / step) + 1;
  return Array.from({ length: count }, (_, i) => (Math.ceil(low / step) + i) * step);
}

/** Level lines [level, xs, ys], lowest first. The same lines again are painted once more, and from
 *  then on copied, for as long as size and theme stay: no frame while dragging paints them anew. */
function drawLevels(panel, lines) {
  const { pen, theme, canvas: { width, height } } = panel;
  const now = [lines, width, height, theme.ink, ...panel.x, ...panel.y];
  const same = panel.levels?.now.every((part, i) => part === now[i]);
  if (!same) panel.levels = { now };
  if (!same) return paintLevels(panel, lines);
  if (!panel.levels.copy) {
    panel.levels.copy = make("canvas", { width, height });
    panel.pen = Object.assign(panel.levels.copy.getContext("2d"), { lineJoin: "round" });
    panel.pen.setTransform(pen.getTransform());
    paintLevels(panel, lines);
    panel.pen = pen;
  }
  pen.save(), pen.resetTransform(), pen.drawImage(panel.levels.copy, 0, 0), pen.restore();
}

/** Level lines, each closed one a little darker than the one around it, so that a valley has a
 *  floor. */
function paintLevels(panel, lines) {
  const { pen, theme } = panel;
  for (const [, xs, ys] of [...lines].reverse()) {
    pen.beginPath();
    xs.forEach((x, i) => pen.lineTo(panel.px(x), panel.py(ys[i])));
    Object.assign(pen, { fillStyle: theme.ink, strokeStyle: theme.ink, lineWidth: 1 });
    pen.globalAlpha = 0.015;
    if (xs[0] === xs.at(-1) && ys[0] === ys.at(-1)) pen.fill();
    pen.globalAlpha = 0.22;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

/** The level beside every other line: at its lowest point, or where no marker covers it. */
function nameLevels(panel, lines) {
  const other = [...new Set(lines.map(([level]) => level))].filter((_, i) => i % 2);
  for (const level of other) {
    const [, xs, ys] = lines.find(([its]) => its === level);
    const ends = [ys.indexOf(Math.min(...ys)), ys.indexOf(Math.max(...ys))];
    ends.push(xs.indexOf(Math.max(...xs)), xs.indexOf(Math.min(...xs)));
    const places = ends.map((i) => [panel.px(xs[i]), panel.py(ys[i]) - 3, "center"]);
    panel.words(brief(level), places, { size: 10, alpha: 0.7 });
  }
}

/** A path: faint to its end, full up to step k, a dot at every step and a marker at k. */
function drawPath(panel, xs, ys, look, k) {
  panel.line(xs, ys, look, { alpha: 0.35, width: 1.3 });
  panel.line(xs, ys, look, { to: k });
  panel.keepOff(xs[0], ys[0], 14); // where a handle may be
  for (let i = 0; i < k; i++) panel.marker(xs[i], ys[i], look, 2.4);
  panel.marker(xs[k], ys[k], look, 7);
}

/** A sample of an arrow's colour and head, for a legend. */
function arrowSample(color, open = false) {
  const head = make("b", { textContent: open ? "⇢" : "➞", ariaHidden: "true" });
  Object.assign(head.style, { color, fontSize: "17px", lineHeight: 1 });
  return head;
}

/** A sample of a look, for a legend: a piece of its line with its marker. */
function swatch(look) {
  const canvas = make("canvas", { className: "course-swatch", width: 88, height: 32 });
  canvas.paint = (theme) => {
    const pen = canvas.getContext("2d");
    pen.resetTransform(), pen.clearRect(0, 0, 88, 32), pen.scale(2, 2);
    Object.assign(pen, { strokeStyle: theme.colour(look), fillStyle: theme.colour(look) });
    pen.lineWidth = 2;
    pen.setLineDash(DASHES[look.line]);
    pen.lineCap = look.line === ":" ? "round" : "butt";
    pen.beginPath(), pen.moveTo(1, 8), pen.lineTo(43, 8), pen.stroke();
    if (look.marker) mark(pen, look.marker, 22, 8, 4.5), pen.fill();
  };
  return canvas;
}

/** The outline of a marker, in matplotlib's letters. */
function mark(pen, shape, x, y, size) {
  const quarter = Math.PI / 2;
  const corners = { s: [4, quarter / 2, 1.25], "^": [3, -quarter, 1.35], D: [4, 0, 1.3] }[shape];
  pen.beginPath();
  if (!corners) return pen.arc(x, y, size, 0, 2 * Math.PI);
  const [count, turn, scale] = corners;
  for (let i = 0; i < count; i++) {
    const angle = turn + (2 * Math.PI * i) / count;
    pen.lineTo(x + scale * size * Math.cos(angle), y + scale * size * Math.sin(angle));
  }
  pen.closePath();
}
