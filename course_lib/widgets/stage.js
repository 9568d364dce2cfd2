// The Stage: draws the scenes that Python sends (scene.py says what they hold) and sends back what a hand moves.
// It computes nothing about optimization. Plain canvas, no library, nothing fetched.

const HEIGHT = 320;                                      // of a panel, in CSS pixels
const ABROAD = 2;                                        // questions to Python that may be unanswered
const WAIT = 300;                                        // ms without an answer until we say "computing"
const SILENCE = 6000;                                    // ms without an answer until we say so

export default {
  render({ model, el }) {
    const stage = new Stage(model, el);
    return () => stage.close();
  },
};

// ------------------------------------------------------------------------------------------------ the stage

class Stage {
  constructor(model, el) {
    this.model = model;
    this.spec = model.get("spec");
    this.line = new Line(model, (busy) => this.root.setAttribute("aria-busy", busy),
      () => this.say("The kernel does not answer: if it is not busy, run this cell again."));
    this.root = make("section", { class: "cs-stage", "aria-label": this.spec.title, "data-lm-suppress-shortcuts": "true" });
    this.panels = make("div", { class: "cs-panels" });
    this.controls = Object.fromEntries(this.spec.controls.map((c) => [c.name, new KINDS[c.kind](c, this)]));
    this.goal = make("p", { class: "cs-goal", role: "status" });
    this.twin = make("p", { class: "cs-twin", "aria-live": "polite" });
    const row = make("div", { class: "cs-controls" }, Object.values(this.controls).map((c) => c.node));
    this.root.append(make("p", { class: "cs-title" }, this.spec.title), this.panels, row, this.goal, this.twin);
    el.append(this.root);
    this.watch();
    this.receive();
  }

  watch() {
    this.onFrame = () => this.receive();
    this.model.on("change:frame", this.onFrame);
    this.root.addEventListener("pointerenter", () => this.draw());
    this.theme = new MutationObserver(() => [0, 100, 600].forEach((ms) => setTimeout(() => this.draw(), ms)));
    this.theme.observe(document.body, { attributeFilter: THEMED }); // its colors come a little later
    this.size = new ResizeObserver(() => this.draw());
    this.size.observe(this.panels);
  }

  close() {
    this.model.off("change:frame", this.onFrame);
    this.size.disconnect();
    this.theme.disconnect();
    this.line.close();
    for (const control of Object.values(this.controls)) control.close?.();
  }

  move(name, raw) {
    this.line.send({ [name]: raw });
  }

  receive() {
    const frame = this.model.get("frame");
    const current = this.line.answered(frame);
    if (frame.error) this.say(frame.error);
    else this.show(frame, current);
    this.root.dataset.frame = frame.stamp?.[1] ?? 0;
    this.line.next();
  }

  show(frame, current) {
    this.scene = frame;
    for (const [name, control] of Object.entries(this.controls)) {
      if (current) control.set(frame.raw[name] ?? control.spec.raw);
      control.mark?.(frame.limits[name] ?? []);
      control.read?.(frame.readouts[name]);
    }
    this.draw();
    put(this.twin, frame.text);
    put(this.goal, frame.goal ? `${frame.goal.reached ? "✓ reached" : "Goal"}: ${frame.goal.text}` : "");
    this.goal.dataset.reached = Boolean(frame.goal?.reached);
    delete this.root.dataset.failed;
  }

  say(sentence) {
    put(this.twin, sentence);
    this.root.dataset.failed = "true";
  }

  draw() {
    if (!this.scene) return;
    const theme = readTheme(this.root);
    while (this.panels.children.length < this.scene.panels.length) this.panels.append(new Picture(this).node);
    while (this.panels.children.length > this.scene.panels.length) this.panels.lastChild.remove();
    this.scene.panels.forEach((panel, i) => this.panels.children[i].picture.draw(panel, theme));
    for (const control of Object.values(this.controls)) control.place?.();
  }
}

// One line to Python. At most two questions are out, one on its way and one in work; whatever moves meanwhile waits
// as one set of newest values, so that no stale picture is ever asked for.
class Line {
  constructor(model, onWait, onSilence) {
    const name = Math.random().toString(36).slice(2);
    Object.assign(this, { model, onWait, onSilence, name, sent: 0, answers: 0, raw: null });
    this.values = { ...model.get("frame").raw };
  }

  send(moved = {}) {
    Object.assign(this.values, moved);
    this.raw = { ...this.values };
    this.next();
  }

  next() {
    if (this.raw && this.sent - this.answers < ABROAD) {
      this.model.send({ stamp: [this.name, ++this.sent], raw: this.raw });
      this.raw = null;
    }
    if (this.sent === this.answers) return;              // as long as one is out, it is waited for
    this.hint ??= setTimeout(() => this.onWait(true), WAIT);
    this.timer ??= setTimeout(() => this.silent(), SILENCE);
  }

  silent() {                                             // an answer may be lost on its way: ask once more
    this.rest();
    this.onSilence();
    this.answers = this.sent;
    if (this.again !== this.sent) this.send();
    this.again = this.sent;
  }

  answered(frame) {                                      // whether the controls may follow this frame
    if (frame.stamp?.[0] === this.name) {
      this.rest();
      this.answers = frame.stamp[1];
      return false;
    }
    Object.assign(this.values, frame.raw);               // another view moved, or this one is new
    return true;
  }

  rest() {
    this.close();
    this.hint = this.timer = null;
    this.onWait(false);
  }

  close() {
    clearTimeout(this.hint);
    clearTimeout(this.timer);
  }
}

// ------------------------------------------------------------------------------------------------- controls

class SliderControl {
  constructor(spec, stage) {
    Object.assign(this, { spec, stage });
    this.input = make("input", { type: "range", min: 0, max: spec.count - 1, step: 1, "aria-label": spec.label,
      "data-lm-suppress-shortcuts": "true" });
    this.value = make("output", { class: "cs-value", "aria-live": "off" });
    this.limits = make("span", { class: "cs-limits", "aria-hidden": "true" });
    this.node = make("div", { class: "cs-control" }, [
      make("span", { class: "cs-name" }, [make("span", {}, spec.label), this.value]),
      make("span", { class: "cs-track" }, [this.input, this.limits]),
    ]);
    this.input.addEventListener("input", () => this.moved(Number(this.input.value)));
    this.set(spec.raw);
  }

  moved(raw) {
    this.set(raw);
    this.stage.move(this.spec.name, raw);
  }

  set(raw) {
    this.input.value = raw;
    this.input.style.setProperty("--fill", `${(100 * raw) / Math.max(1, this.spec.count - 1)}%`);
    this.input.setAttribute("aria-valuetext", this.spec.texts[raw]);
    put(this.value, this.spec.texts[raw]);
  }

  mark(limits) {
    const key = JSON.stringify(limits);
    if (key === this.marked) return;
    this.marked = key;
    this.limits.replaceChildren(...limits.map(([at, label]) => make("span", { style: `--at:${at}` }, label)));
  }
}

class PlayerControl extends SliderControl {
  constructor(spec, stage) {
    super(spec, stage);
    this.play = make("button", { type: "button", class: "cs-play", "aria-label": "play" });
    const back = make("button", { type: "button", "aria-label": "one step back" }, "‹");
    const on = make("button", { type: "button", "aria-label": "one step on" }, "›");
    this.play.addEventListener("click", () => (this.timer ? this.pause() : this.start()));
    back.addEventListener("click", () => this.step(-1));
    on.addEventListener("click", () => this.step(1));
    this.node.prepend(make("span", { class: "cs-buttons" }, [back, this.play, on]));
    this.node.classList.add("cs-player");
    this.input.addEventListener("input", () => this.pause());
  }

  get at() {
    return Number(this.input.value);
  }

  start() {
    if (this.at >= this.spec.count - 1) this.moved(0);
    this.timer = setInterval(() => this.tick(), 1000 / this.spec.rate);
    this.dress("pause");
  }

  tick() {
    if (!this.node.isConnected || this.at >= this.spec.count - 1) return this.pause();
    this.moved(this.at + 1);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.dress("play");
  }

  dress(name) {
    this.play.setAttribute("aria-label", name);
    this.play.classList.toggle("cs-pause", name === "pause");
  }

  step(by) {
    this.pause();
    this.moved(Math.min(Math.max(this.at + by, 0), this.spec.count - 1));
  }

  close() {
    clearInterval(this.timer);
  }
}

class ToggleControl {
  constructor(spec, stage) {
    this.spec = spec;
    this.input = make("input", { type: "checkbox", role: "switch", "data-lm-suppress-shortcuts": "true" });
    this.node = make("label", { class: "cs-control cs-toggle" }, [this.input, make("span", {}, spec.label)]);
    this.input.addEventListener("input", () => stage.move(spec.name, this.input.checked));
    this.set(spec.raw);
  }

  set(raw) {
    this.input.checked = raw;
  }
}

// A handle on a panel: drag it, click where it should go, or move it with the arrow keys (Shift: ten steps).
class PointControl {
  constructor(spec, stage) {
    Object.assign(this, { spec, stage });
    this.handle = make("div", { class: "cs-handle", tabindex: 0, role: "slider", "aria-label": `${spec.label}: arrow keys move it`,
      "data-lm-suppress-shortcuts": "true" });
    this.handle.addEventListener("keydown", (event) => this.key(event));
    this.value = make("output", { class: "cs-value", "aria-live": "off" });
    this.node = make("div", { class: "cs-control" }, [
      make("span", { class: "cs-name" }, [make("span", {}, spec.label), this.value]),
      make("span", { class: "cs-hint" }, "drag the ring, or use the arrow keys on it"),
    ]);
    this.set(spec.raw);
  }

  key(event) {
    const by = ARROWS[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const times = event.shiftKey ? 10 : 1;
    this.moved(this.raw.map((value, i) => value + times * by[i] * this.spec.step[i]));
  }

  moved(raw) {
    const snapped = raw.map((value, i) => snap(value, this.spec.low[i], this.spec.high[i], this.spec.step[i]));
    if (snapped.every((value, i) => value === this.raw[i])) return;
    this.set(snapped);
    this.place();
    this.stage.move(this.spec.name, snapped);
  }

  set(raw) {
    this.raw = [...raw];
  }

  read(text = this.raw.join(", ")) {
    this.handle.setAttribute("aria-valuenow", this.raw[0]);
    this.handle.setAttribute("aria-valuetext", text);
    put(this.value, text);
  }

  place() {
    const picture = this.stage.panels.children[this.spec.panel]?.picture;
    if (!picture?.to) return;
    if (!this.handle.isConnected) picture.hold(this);
    this.handle.style.left = `${picture.to.x(this.raw[0])}px`;
    this.handle.style.top = `${picture.to.y(this.raw[1])}px`;
  }
}

const KINDS = { slider: SliderControl, player: PlayerControl, toggle: ToggleControl, point: PointControl };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function snap(value, low, high, step) {
  const snapped = low + Math.round((value - low) / step) * step;
  return Number(Math.min(Math.max(snapped, low), high).toFixed(10));
}

// ------------------------------------------------------------------------------------------------- pictures

const MARGIN = { left: 46, right: 14, top: 8, bottom: 38 };

class Picture {
  constructor(stage) {
    this.stage = stage;
    this.title = make("figcaption", { class: "cs-caption" });
    this.canvas = make("canvas", { role: "img" });
    this.board = make("div", { class: "cs-board" }, [this.canvas]);
    this.node = make("figure", { class: "cs-panel" }, [this.title, this.board]);
    this.node.picture = this;
  }

  hold(control) {                                        // let a handle live here, and the pointer move it
    this.board.append(control.handle);
    this.board.classList.add("cs-live");
    const follow = (event) => {
      const box = this.board.getBoundingClientRect();
      control.moved([this.to.inverse.x(event.clientX - box.left), this.to.inverse.y(event.clientY - box.top)]);
    };
    this.board.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      this.board.setPointerCapture(event.pointerId);
      control.handle.focus({ preventScroll: true });
      follow(event);
    });
    this.board.addEventListener("pointermove", (event) => this.board.hasPointerCapture(event.pointerId) && follow(event));
  }

  draw(panel, theme) {
    put(this.title, panel.title);
    this.node.style.setProperty("--weight", panel.weight);
    this.canvas.setAttribute("aria-label", panel.alt);
    const width = this.board.clientWidth;
    if (!width) return;
    this.to = transform(panel, width, HEIGHT);
    const height = Math.ceil(this.to.top + this.to.height + MARGIN.bottom);
    this.board.style.height = `${height}px`;
    const g = prepare(this.canvas, width, height);
    g.drawImage(this.background(panel, width, height, theme), 0, 0, width, height);
    drawMarks(g, panel.marks, this.to, theme);
  }

  background(panel, width, height, theme) {              // axes and back, drawn anew only when something changed
    const key = JSON.stringify([panel.key, panel.x, panel.y, width, height, window.devicePixelRatio, theme.name]);
    if (key === this.backKey) return this.back;
    this.backKey = key;
    this.back ??= make("canvas");
    const g = prepare(this.back, width, height);
    grid(g, panel, this.to, theme);
    drawMarks(g, panel.back, this.to, theme);
    return this.back;
  }
}

function prepare(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const g = canvas.getContext("2d");
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  g.lineJoin = g.lineCap = "round";
  return g;
}

function drawMarks(g, marks, to, theme) {                // words last and unclipped, so that no line runs through them
  const words = (mark) => mark.kind === "text";
  g.save();
  g.beginPath();
  g.rect(to.left, to.top, to.width, to.height);
  g.clip();
  for (const mark of marks) if (!words(mark)) DRAW[mark.kind](g, mark, to, theme);
  g.restore();
  for (const mark of marks) if (words(mark)) DRAW[mark.kind](g, mark, to, theme);
}

// From data to pixels and back.
function transform(panel, width, height) {
  let [w, h] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  if (panel.equal) {
    const unit = Math.min(w / (panel.x.high - panel.x.low), h / (panel.y.high - panel.y.low));
    [w, h] = [unit * (panel.x.high - panel.x.low), unit * (panel.y.high - panel.y.low)];
  }
  const left = MARGIN.left + (width - MARGIN.left - MARGIN.right - w) / 2;
  const top = MARGIN.top;
  const [x, y] = [scale(panel.x, left, left + w), scale(panel.y, top + h, top)];
  return { left, top, width: w, height: h, x: x.to, y: y.to, inverse: { x: x.from, y: y.from } };
}

function scale({ low, high, log }, start, end) {
  const bend = log ? Math.log10 : (value) => value;
  const straighten = log ? (value) => 10 ** value : (value) => value;
  const [a, b] = [bend(low), bend(high)];
  return {
    to: (value) => start + ((bend(value) - a) / (b - a)) * (end - start),
    from: (pixel) => straighten(a + ((pixel - start) / (end - start)) * (b - a)),
  };
}

function grid(g, panel, to, theme) {
  g.font = theme.font(11);
  const bottom = to.top + to.height;
  const field = panel.back[0]?.kind === "image";        // what covers the panel needs no lines across it
  g.lineWidth = 1;
  ticks(panel.x, to.x, (at, label, free) => {
    line(g, at, bottom, at, bottom + 4, theme.color("faint"));
    const half = g.measureText(label).width / 2;
    const x = Math.min(at, to.left + to.width + MARGIN.right - half); // a long one at the end stays inside
    if (free(x - half, x + half)) write(g, label, x, bottom + 14, "center", theme.color("muted"));
  });
  ticks(panel.y, to.y, (at, label, free) => {
    if (field) line(g, to.left - 4, at, to.left, at, theme.color("faint"));
    else line(g, to.left, at, to.left + to.width, at, theme.color("faint"));
    if (free(at - 8, at + 8)) write(g, label, to.left - 8, at, "right", theme.color("muted"));
  });
  write(g, panel.x.label, to.left + to.width / 2, bottom + 29, "center", theme.color("muted"));
  g.save();
  g.translate(to.left - 36, to.top + to.height / 2);
  g.rotate(-Math.PI / 2);
  write(g, panel.y.label, 0, 0, "center", theme.color("muted"));
  g.restore();
}

function ticks(axis, to, each) {
  const taken = [];
  const free = (a, b) => taken.every(([c, d]) => b + 4 < c || a > d + 4) && taken.push([a, b]);
  axis.ticks[0].forEach((value, i) => each(to(value), axis.ticks[1][i], free));
}

// ---------------------------------------------------------------------------------------------------- marks

const DRAW = {
  image(g, mark, to, theme) {
    const [left, right, bottom, top] = [to.x(mark.x[0]), to.x(mark.x[1]), to.y(mark.y[0]), to.y(mark.y[1])];
    g.imageSmoothingQuality = "high";
    g.drawImage(bitmap(mark, theme), left, top, right - left, bottom - top);
  },

  path(g, mark, to, theme) {
    const points = pixels(mark.points, to);
    g.globalAlpha = mark.opacity;
    stroke(g, mark, theme);
    trace(g, points);
    g.stroke();
    g.setLineDash([]);
    if (mark.dots) dots(g, points, mark, theme);
    g.globalAlpha = 1;
  },

  points(g, mark, to, theme) {
    g.globalAlpha = mark.opacity;
    g.fillStyle = g.strokeStyle = theme.color(mark.color);
    g.lineWidth = 1.8;
    for (const [x, y] of pixels(mark.points, to)) SHAPES[mark.shape](g, x, y, mark.size, theme);
    g.globalAlpha = 1;
  },

  arrows(g, mark, to, theme) {
    const [tails, tips] = [pixels(mark.tails, to), pixels(mark.tips, to)];
    stroke(g, mark, theme);
    g.fillStyle = theme.color(mark.color);
    tails.forEach((tail, i) => arrow(g, tail, tips[i], mark.head));
    g.setLineDash([]);
  },

  text(g, mark, to, theme) {
    g.font = theme.font(mark.size, mark.bold);
    const width = g.measureText(mark.text).width;
    const share = { left: 0, center: 0.5, right: 1 }[mark.align];
    const start = to.x(mark.x) + mark.dx - share * width;
    const x = Math.min(Math.max(start, to.left + 3), to.left + to.width - width - 3);
    const y = Math.min(Math.max(to.y(mark.y) - mark.dy, to.top + 9), to.top + to.height - 9);
    halo(g, mark.text, x, y, theme.color(mark.color), theme.color(mark.halo));
  },

  region(g, mark, to, theme) {
    g.globalAlpha = mark.opacity;
    g.fillStyle = theme.color(mark.color);
    trace(g, pixels(mark.points, to));
    g.fill();
    g.globalAlpha = 1;
  },

  rule(g, mark, to, theme) {
    const across = mark.axis === "y";
    const at = across ? to.y(mark.at) : to.x(mark.at);
    stroke(g, mark, theme);
    if (across) line(g, to.left, at, to.left + to.width, at, theme.color(mark.color));
    else line(g, at, to.top, at, to.top + to.height, theme.color(mark.color));
    g.setLineDash([]);
    g.font = theme.font(11);
    const width = g.measureText(mark.label).width;
    if (across) halo(g, mark.label, to.left + to.width - width - 4, at - 9, theme.color(mark.color), theme.color("paper"));
    else halo(g, mark.label, at + 4, to.top + 9, theme.color(mark.color), theme.color("paper"));
  },
};

const SHAPES = {
  disk(g, x, y, r, theme) {
    circle(g, x, y, r);
    g.fill();
    g.strokeStyle = theme.color("paper");
    g.lineWidth = 1.2;
    g.stroke();
  },
  ring(g, x, y, r) {
    circle(g, x, y, r);
    g.stroke();
  },
  cross(g, x, y, r) {
    g.beginPath();
    g.moveTo(x - r, y - r);
    g.lineTo(x + r, y + r);
    g.moveTo(x - r, y + r);
    g.lineTo(x + r, y - r);
    g.stroke();
  },
  square(g, x, y, r) {
    g.fillRect(x - r, y - r, 2 * r, 2 * r);
  },
};

function dots(g, points, mark, theme) {              // a dot that would touch the one before is left out
  g.fillStyle = theme.color(mark.color);
  g.strokeStyle = theme.color("paper");
  g.lineWidth = 0.8;
  let last = [NaN, NaN];
  for (const [x, y] of points) {
    if (Math.hypot(x - last[0], y - last[1]) < 2 * mark.dots + 1) continue;
    circle(g, x, y, mark.dots);
    g.fill();
    g.stroke();
    last = [x, y];
  }
}

function arrow(g, [x0, y0], [x1, y1], head) {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  line(g, x0, y0, x1, y1, g.strokeStyle);
  if (!head) return;
  head = Math.min(head, Math.max(Math.hypot(x1 - x0, y1 - y0), 3)); // no head longer than its arrow
  g.beginPath();
  g.moveTo(x1, y1);
  for (const turn of [2.7, -2.7]) g.lineTo(x1 + head * Math.cos(angle + turn), y1 + head * Math.sin(angle + turn));
  g.fill();
}

function stroke(g, mark, theme) {
  g.strokeStyle = theme.color(mark.color);
  g.lineWidth = mark.width;
  g.setLineDash(mark.dash);
}

function trace(g, points) {
  g.beginPath();
  let down = false;
  for (const [x, y] of points) {
    const seen = Number.isFinite(x) && Number.isFinite(y);
    if (seen && down) g.lineTo(x, y);
    else if (seen) g.moveTo(x, y);
    down = seen;
  }
}

function circle(g, x, y, r) {
  g.beginPath();
  g.arc(x, y, r, 0, 2 * Math.PI);
}

function line(g, x0, y0, x1, y1, color) {
  g.strokeStyle = color;
  g.beginPath();
  g.moveTo(x0, y0);
  g.lineTo(x1, y1);
  g.stroke();
}

function write(g, text, x, y, align, color) {
  Object.assign(g, { textAlign: align, textBaseline: "middle", fillStyle: color });
  g.fillText(text, x, y);
}

function halo(g, text, x, y, color, behind) {
  Object.assign(g, { textAlign: "left", textBaseline: "middle", strokeStyle: behind, lineWidth: 3, globalAlpha: 0.8 });
  g.strokeText(text, x, y);
  Object.assign(g, { globalAlpha: 1, fillStyle: color });
  g.fillText(text, x, y);
}

// Points in pixels, far ones pulled in to where a canvas still counts right.
function pixels(buffer, to) {
  const values = numbers(buffer);
  const far = (value) => Math.min(Math.max(value, -1e5), 1e5);
  return Array.from({ length: values.length / 2 }, (_, i) => [far(to.x(values[2 * i])), far(to.y(values[2 * i + 1]))]);
}

function numbers({ data, type }) {
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  return type === "f4" ? new Float32Array(bytes) : new Uint8Array(bytes);
}

// A field as a small picture, one pixel a value.
function bitmap(mark, theme) {
  const [rows, columns] = mark.values.shape;
  const levels = numbers(mark.values);
  const ramp = theme.ramp(mark.colors);
  const picture = new ImageData(columns, rows);
  const out = new Uint32Array(picture.data.buffer);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[(rows - 1 - row) * columns + column] = ramp[levels[row * columns + column]];
  const canvas = make("canvas", { width: columns, height: rows });
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return canvas;
}

// ---------------------------------------------------------------------------------------------------- theme

const THEMED = ["data-jp-theme-name", "data-jp-theme-light", "data-vscode-theme-kind"];
const themes = new Map();
const SLATE = [84, 122, 165];

function readTheme(root) {
  const style = getComputedStyle(root);
  const name = [style.color, style.getPropertyValue("--cs-paper"), style.fontFamily].join();
  if (!themes.has(name)) themes.set(name, new Theme(name, style));
  return themes.get(name);
}

class Theme {
  constructor(name, style) {
    this.name = name;
    this.family = style.fontFamily;
    const paper = parse(style.getPropertyValue("--cs-paper").trim());
    const ink = parse(style.color);
    const roles = { ink: mix(paper, ink, 0.92), muted: mix(paper, ink, 0.65), faint: mix(paper, SLATE, 0.3) };
    this.roles = { paper, ...roles, white: [255, 255, 255], black: [11, 21, 38] };
    this.dark = luminance(paper) < 0.2;
    this.known = new Map();
  }

  font(size, bold) {
    return `${bold ? 600 : 400} ${size}px ${this.family}`;
  }

  color(name) {
    if (!this.known.has(name)) this.known.set(name, css(this.roles[name] ?? this.lift(parse(name))));
    return this.known.get(name);
  }

  lift(color) {                                          // toward the ink until it stands out from the paper
    for (let share = 0; share < 1; share += 0.08) {
      const lifted = mix(color, this.roles.ink, share);
      if (contrast(lifted, this.roles.paper) >= (this.dark ? 4.5 : 3)) return lifted;
    }
    return this.roles.ink;
  }

  ramp(colors) {                                         // 255 colors as 32-bit pixels, and a transparent one
    const anchors = colors.map((name) => this.roles[name] ?? parse(name));
    const ramp = new Uint32Array(256);
    for (let i = 0; i < 255; i++) {
      const at = (i / 254) * (anchors.length - 1);
      const k = Math.min(Math.floor(at), anchors.length - 2);
      const [r, g, b] = mix(anchors[k], anchors[k + 1], at - k).map(Math.round);
      ramp[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
    return ramp;
  }
}

function parse(color) {                                  // any CSS color, by way of a pixel
  const g = (parse.g ??= make("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true }));
  g.clearRect(0, 0, 1, 1);
  g.fillStyle = color;
  g.fillRect(0, 0, 1, 1);
  return [...g.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

const mix = (a, b, share) => a.map((value, i) => value + (b[i] - value) * share);
const css = (color) => `rgb(${color.map(Math.round).join(" ")})`;

function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color) {
  const [r, g, b] = color.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// ------------------------------------------------------------------------------------------------ small help

function make(tag, attributes = {}, children = []) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...[children].flat());
  return node;
}

function put(node, text) {                               // only when it changes, so that a reader is not told twice
  if (node.textContent !== text) node.textContent = text;
}
