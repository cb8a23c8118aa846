// A picture with axes: lines, markers, arrows and words in the data's units.
// base.py joins this text with its neighbours and an explorer's own: no imports, no exports here.

/** Axes on a canvas: `x` and `y` are ranges in the data's units; with `log`, y is in decades. */
class Panel {
  constructor({ x, y, title, label, log = false, aspect = 0 }) {
    Object.assign(this, { x, y, title, label, log, aspect, canvas: make("canvas") });
    this.canvas.role = "img";
    this.canvas.ariaLabel = `${title} against ${label}`;
    this.inner = { left: 44, top: 22, right: 8, bottom: 36 };
    this.taken = []; // boxes [left, top, right, bottom] that words keep off, in pixels
  }

  px(value) {
    const [low, high] = this.x, { left, right } = this.inner;
    return left + ((value - low) / (high - low)) * (this.width - left - right);
  }

  py(value) {
    const [low, high] = this.y, { top, bottom } = this.inner;
    const part = ((this.log ? Math.log10(value) : value) - low) / (high - low);
    return this.height - bottom - part * (this.height - top - bottom);
  }

  /** The data's coordinates under a pointer. */
  at(event) {
    const box = this.canvas.getBoundingClientRect(), { left, top, right, bottom } = this.inner;
    const across = (event.clientX - box.left - left) / (box.width - left - right);
    const up = (box.bottom - bottom - event.clientY) / (box.height - top - bottom);
    const along = ([low, high], part) => low + part * (high - low);
    return [along(this.x, across), along(this.y, up)];
  }

  /** Fit the canvas to its place, draw empty axes, and keep what follows inside them. */
  begin(theme) {
    const { canvas, inner, aspect } = this, ratio = window.devicePixelRatio || 1;
    this.width = canvas.clientWidth;
    this.theme = theme;
    this.taken = [];
    this.wrap(canvas.getContext("2d"));
    if (aspect) {
      const tall = (this.width - inner.left - inner.right) / aspect + inner.top + inner.bottom;
      canvas.style.height = `${Math.round(tall)}px`;
    }
    this.height = canvas.clientHeight;
    canvas.width = Math.round(this.width * ratio);
    canvas.height = Math.round(this.height * ratio);
    this.pen = Object.assign(canvas.getContext("2d"), { lineJoin: "round" });
    this.pen.scale(ratio, ratio);
    this.axes();
    const wide = this.width - inner.left - inner.right;
    this.pen.beginPath();
    this.pen.rect(inner.left, inner.top, wide, this.height - inner.top - inner.bottom);
    this.pen.clip();
  }

  /** Break title and label into lines that fit, and make room for them. */
  wrap(pen) {
    const { inner, width, theme } = this;
    this.margins ??= { ...inner };
    pen.font = `12px ${theme.font}`;
    const wide = (words) => pen.measureText(words).width;
    const lines = (words) => words.split(" ").reduce(([last, ...above], word) =>
      wide(`${last} ${word}`) < width - 4 ? [`${last} ${word}`.trim(), ...above]
        : [word, last, ...above], [""]).reverse();
    this.titles = lines(this.title), this.labels = lines(this.label);
    // What fits beside the numbers begins where the axes do; what does not, at the edge.
    const first = Math.max(...this.titles.map(wide));
    this.titleLeft = Math.max(2, Math.min(inner.left, width - first - 2));
    this.labelWide = Math.max(...this.labels.map(wide));
    if (inner.top) inner.top = this.margins.top + 14 * (this.titles.length - 1);
    inner.bottom = this.margins.bottom + 14 * (this.labels.length - 1);
  }

  /** The title above the axes and the label below them. */
  head() {
    const { inner, width, height, titles, labels, labelWide } = this, half = labelWide / 2;
    const middle = (inner.left + width - inner.right) / 2;
    const centre = Math.max(half + 2, Math.min(width - half - 2, middle));
    titles.forEach((line, i) => this.text(line, this.titleLeft,
      inner.top - 7 - 14 * (titles.length - 1 - i), "left", 12));
    labels.forEach((line, i) => this.text(line, centre,
      height - 4 - 14 * (labels.length - 1 - i), "center", 12));
  }

  axes() {
    const { pen, theme, inner, width, height } = this;
    const floor = height - inner.bottom, end = width - inner.right;
    Object.assign(pen, { fillStyle: theme.ink, strokeStyle: theme.ink, lineWidth: 1 });
    this.head();
    for (const tick of ticks(this.x, width / 90)) {
      this.rule(this.px(tick), inner.top, this.px(tick), floor, tick ? 0.1 : 0.3);
      this.text(decimal(+tick.toPrecision(6)), this.px(tick), floor + 14, "center");
    }
    for (const tick of ticks(this.y, this.log ? 5 : height / 60)) {
      const value = this.log ? 10 ** tick : tick;
      this.rule(inner.left, this.py(value), end, this.py(value), tick || this.log ? 0.1 : 0.3);
      const plain = decimal(+value.toPrecision(6));
      const words = this.log && Math.abs(tick) > 4 ? powerOfTen(tick) : plain;
      this.text(words, inner.left - 5, this.py(value) + 4, "right");
    }
    pen.globalAlpha = 0.4;
    pen.strokeRect(inner.left, inner.top, end - inner.left, floor - inner.top);
    pen.globalAlpha = 1;
  }

  rule(x0, y0, x1, y1, alpha) {
    this.pen.globalAlpha = alpha;
    this.pen.beginPath(), this.pen.moveTo(x0, y0), this.pen.lineTo(x1, y1), this.pen.stroke();
    this.pen.globalAlpha = 1;
  }

  text(words, x, y, align, size = 11) {
    Object.assign(this.pen, { textAlign: align, font: `${size}px ${this.theme.font}` });
    this.pen.fillText(words, x, y);
  }

  /** Keep words off a point of the picture, by so many pixels. */
  keepOff(x, y, reach) {
    const [left, top] = [this.px(x), this.py(y)];
    this.taken.push([left - reach, top - reach, left + reach, top + reach]);
  }

  /** Words at the first of some places [column, row, align], in pixels, where they are within the
   *  axes and cover no marker and no other words. Where there is none they are left out; words
   *  that `must` be there stand at the first. Draw them last. */
  words(words, places, { size = 11, alpha = 1, must = false } = {}) {
    const { pen, theme, inner, taken, width, height } = this;
    pen.font = `${size}px ${theme.font}`;
    const wide = pen.measureText(words).width + 6; // a gap of 3 on either side
    const boxes = places.map(([column, row, align]) => {
      const left = column - { left: 0, center: wide / 2, right: wide }[align];
      return [left, row - size, left + wide, row + 3];
    });
    const within = ([left, top, right, low]) => left > inner.left && right < width - inner.right &&
      top > inner.top && low < height - inner.bottom;
    const free = (box) => within(box) && taken.every((t) =>
      box[0] > t[2] || t[0] > box[2] || box[1] > t[3] || t[1] > box[3]);
    const box = boxes.find(free) ?? (must && (boxes.find(within) ?? boxes[0]));
    if (!box) return;
    taken.push(box);
    pen.save();
    Object.assign(pen, { strokeStyle: theme.paper, fillStyle: theme.ink, lineWidth: 3 });
    pen.textAlign = "left", pen.setLineDash([]);
    pen.strokeText(words, box[0] + 3, box[3] - 3);
    pen.globalAlpha = alpha;
    pen.fillText(words, box[0] + 3, box[3] - 3);
    pen.restore();
  }

  /** A line through the points from one step to another, as far as it is near the axes. */
  line(xs, ys, look, { from = 0, to = xs.length - 1, alpha = 1, width = 2 } = {}) {
    const { pen } = this, points = [];
    for (let i = from; i <= to; i++) points.push([this.px(xs[i]), this.py(ys[i])]);
    const near = ([x, y]) =>
      Math.abs(x) < 2 * this.width && (this.log || Math.abs(y) < 2 * this.height);
    const drawn = (x) => Number.isFinite(x) && Math.abs(x) < 1e6;
    pen.beginPath();
    points.forEach((point, i) => {
      const seen = near(point) || (i > 0 && near(points[i - 1]));
      if (point.every(drawn)) seen ? pen.lineTo(...point) : pen.moveTo(...point);
    });
    pen.strokeStyle = this.theme.colour(look);
    Object.assign(pen, { lineWidth: width, globalAlpha: alpha });
    pen.setLineDash(DASHES[look.line]);
    pen.lineCap = look.line === ":" ? "round" : "butt";
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  /** A marker; outside the axes it is drawn hollow at their edge. */
  marker(x, y, look, size) {
    const { inner, pen, theme } = this, left = this.px(x), top = this.py(y), edge = 1.4 * size;
    if (!Number.isFinite(left + top)) return;
    const column = Math.max(inner.left + edge, Math.min(this.width - inner.right - edge, left));
    const row = Math.max(inner.top + edge, Math.min(this.height - inner.bottom - edge, top));
    const out = Math.abs(column - left) + Math.abs(row - top) > 2 * edge;
    if (out && size < 3) return;
    this.taken.push([column - edge, row - edge, column + edge, row + edge]);
    mark(pen, look.marker, out ? column : left, out ? row : top, size);
    const [inside, rim] = [theme.colour(look), theme.paper];
    pen.lineWidth = out ? 2 : 1;
    [pen.fillStyle, pen.strokeStyle] = out ? [rim, inside] : [inside, rim];
    pen.fill();
    if (size > 3) pen.stroke();
  }

  /** An arrow from a point, along a vector in the data's units; its head full or open. */
  arrow(x, y, dx, dy, colour, open = false) {
    const { pen } = this, x0 = this.px(x), y0 = this.py(y);
    const x1 = this.px(x + dx), y1 = this.py(y + dy), turn = Math.atan2(y1 - y0, x1 - x0);
    if (!(Math.hypot(x1 - x0, y1 - y0) > 3 && Math.hypot(x1, y1) < 1e5)) return;
    const barb = (side) => [x1 - 10 * Math.cos(turn + side), y1 - 10 * Math.sin(turn + side)];
    Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: 2.5, lineCap: "butt" });
    pen.beginPath(), pen.moveTo(x0, y0), pen.lineTo(x1, y1), pen.stroke();
    pen.beginPath(), pen.moveTo(...barb(0.45)), pen.lineTo(x1, y1), pen.lineTo(...barb(-0.45));
    open ? pen.stroke() : pen.fill();
  }
}
