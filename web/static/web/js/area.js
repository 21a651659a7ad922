// The watched area, drawn with a mouse or a finger; the fields beneath say the same, and are what is sent.
const form = document.getElementById("add");
const stage = form.querySelector(".area-stage");
const box = stage.querySelector(".area-box");
const edges = ["left", "top", "right", "bottom"].map((name) => form.elements[name]);
const LEAST = 2;
let from = null;

function values() {
  return edges.map((field) => Math.min(100, Math.max(0, Number(field.value) || 0)));
}

function show() {
  const [left, top, right, bottom] = values();
  const high = stage.viewBox.baseVal.height / 100;
  box.setAttribute("x", left);
  box.setAttribute("y", top * high);
  box.setAttribute("width", Math.max(right - left, 0));
  box.setAttribute("height", Math.max(bottom - top, 0) * high);
}

function write(...figures) {
  figures.forEach((figure, number) => (edges[number].value = Math.round(figure)));
  show();
}

function place(event) {
  const { left, top, width, height } = stage.getBoundingClientRect();
  const share = (part, whole) => Math.min(100, Math.max(0, (part / whole) * 100));
  return [share(event.clientX - left, width), share(event.clientY - top, height)];
}

stage.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary || event.button) return;
  from = place(event);
  stage.setPointerCapture(event.pointerId);
});

stage.addEventListener("pointermove", (event) => {
  if (!from) return;
  const [x, y] = place(event);
  const [left, right] = [Math.min(from[0], x), Math.max(from[0], x)];
  const [top, bottom] = [Math.min(from[1], y), Math.max(from[1], y)];
  if (right - left >= LEAST && bottom - top >= LEAST) write(left, top, right, bottom);
});

for (const kind of ["pointerup", "pointercancel"]) stage.addEventListener(kind, () => (from = null));
for (const field of edges) field.addEventListener("input", show);
form.querySelector("[data-whole]").addEventListener("click", () => write(0, 0, 100, 100));

// The drawing has the shape of the pictures.
function shape() {
  const [width, height] = form.elements.size.value.split("x").map(Number);
  stage.style.aspectRatio = `${width} / ${height}`;
}

form.elements.size.addEventListener("change", shape);
shape();
show();
