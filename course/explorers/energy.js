// Where a ball's energy is, as a bar and in words; energy.py says how it is reckoned.
// base.py joins this text with its neighbours and an explorer's own: no imports, no exports here.

/** The momentum ball's energy at step k; it has `grown` where it is more than at the start. */
function account(row, k) {
  const column = (name) => row.column(`energy.${name}`), start = column("height")[0];
  const [height, motion, friction, error] =
    ["height", "motion", "friction", "error"].map((name) => column(name)[k]);
  const grown = !(height + motion <= start && friction >= 0);
  return { start, height, motion, friction, error, grown };
}

/** Writes the parts of a sum with as many decimals as three figures of the sum have. */
function partsOf(sum) {
  const places = Math.max(0, 2 - Math.floor(Math.log10(sum || 1)));
  const plain = (value) => places < 7 && Math.abs(value) < 1e4;
  return (value) => (plain(value) ? decimal(value.toFixed(places)) : brief(value));
}

/** The parts of the energy end to end, up to a line where it began; a legend with numbers. */
function drawEnergy(panel, theme, { start, grown, ...parts }, [height, motion]) {
  const narrow = panel.canvas.clientWidth < 400, taken = narrow ? "friction" : "taken by friction";
  panel.x = [0, 1.5 * start || 1];
  panel.inner.left = narrow ? 8 : 44; // there are no numbers on its side
  panel.begin(theme);
  const { pen, inner, width } = panel, write = partsOf(start);
  const top = inner.top + 5, bottom = panel.height - inner.bottom;
  const edge = (value) => Math.min(panel.px(value), 2 * width);
  const legend = [["height", height, ""], ["motion", motion, "/"], ["friction", theme.ink, "\\"]];
  let from = 0, column = inner.left + 8;
  for (const [name, colour, lines] of legend.slice(0, grown ? 2 : 3)) {
    hatch(pen, edge(from), top + 16, edge((from += parts[name])), bottom - 4, colour, lines);
    hatch(pen, column, top, column + 12, top + 11, colour, lines);
    const words = `${name === "friction" ? taken : name} ${write(parts[name])}`;
    pen.fillStyle = pen.strokeStyle = theme.ink;
    panel.text(words, (column += 18), top + 10, "left");
    column += pen.measureText(words).width + 18;
  }
  if (!start) return;
  panel.rule(panel.px(start), 0, panel.px(start), bottom, 0.8);
  const row = (top + bottom) / 2 + 10, line = panel.px(start);
  // Beside the bar, which an error of finite steps takes past the line; on it where no room is left.
  const places = [Math.max(line, edge(from)), line].map((column) => [column + 3, row, "left"]);
  panel.words(`start ${write(start)}`, places, { must: true });
}

/** A rectangle within an outline: hatched with lines of one slope, "/" or "\", or else full. */
function hatch(pen, left, top, right, bottom, colour, lines) {
  const tall = bottom - top, [y0, y1] = lines === "/" ? [bottom, top] : [top, bottom];
  if (!(right > left)) return;
  Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: 1.3 });
  pen.save(), pen.beginPath(), pen.rect(left, top, right - left, tall), pen.clip();
  lines ? pen.stroke() : pen.fill();
  pen.beginPath();
  for (let x = left - tall; lines && x < right; x += 5) pen.moveTo(x, y0), pen.lineTo(x + tall, y1);
  pen.stroke(), pen.restore();
}

function energyInWords({ start, height, motion, friction, error, grown }) {
  const write = partsOf(start), at = `Energy of the momentum ball: ${write(start)} at the start`;
  if (grown) {
    const now = Number.isFinite(height + motion) ? `${write(height + motion)} now` : "now unbounded";
    return `${at}, ${now}. No real ball gains energy: steps of this length put it in.`;
  }
  const wrong = `${write(Math.abs(error))} is ${error < 0 ? "too much" : "missing"}`;
  const miss = Math.abs(error) > 0.005 * start ? `; ${wrong}, an error of finite steps` : "";
  const has = `now ${write(height)} in height, ${write(motion)} in motion`;
  return `${at}; ${has}, ${write(friction)} taken by friction${miss}.`;
}
