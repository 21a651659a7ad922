// Lanes are pointed at, touched, and walked by keys: each step shows its card, and leads to its picture or visit.
// Without scripts the steps of the first lane are links.
"use strict";

const DRAWING = "http://www.w3.org/2000/svg";
const timeline = document.getElementById("timeline");
const overview = timeline.querySelector(".lane-overview");
const lanes = [...timeline.querySelectorAll(".lane")];
const { element: card, picture, show, hide, words, span } = librarian.timelineCard;
const last = words.length - 1;
let touched = null;

const told = (lane) => (lane.told ??= lane.dataset.told.split("|").map((text) => inWords(lane, text)));
const pictured = (lane) => lane === overview || Boolean(lane.dataset.camera);
const bound = (step) => Math.min(Math.max(step, 0), last);

// "3,0,1" of visits, pictures and events: 3 visits, 1 event.
function inWords(lane, text) {
  if (!lane.dataset.things || !/^[\d,]+$/.test(text)) return text;
  const numbers = text.split(",").map(Number);
  const parts = lane.dataset.things.split(",").map((thing, place) => [numbers[place], thing]);
  return parts.filter(([n]) => n).map(([n, thing]) => `${n.toLocaleString("en-GB")} ${thing}${n === 1 ? "" : "s"}`).join(", ");
}

function stepAt(lane, event) {
  const { left, width } = lane.getBoundingClientRect();
  return bound(Math.floor(((event.clientX - left) / width) * span));
}

// One line through all lanes, so that they can be compared.
function mark(step) {
  for (const lane of lanes) {
    const { height } = lane.viewBox.baseVal;
    lane.querySelector(".lane-cursor").setAttribute("d", step < 0 ? "" : `M${step + 0.5} 0V${height}`);
  }
}

function point(lane, step) {
  mark(step);
  show(lane, step, told(lane)[step], pictured(lane));
}

function leave() {
  mark(-1);
  hide();
  touched = null;
}

// A camera's step leads to its picture or visit, or to the log; any other to the pictures of that time.
async function open(lane, step) {
  if (!lane.dataset.camera) return location.assign(timeline.dataset.step + step);
  if (!told(lane)[step]) return undefined;
  const found = await picture(lane.dataset.camera, step);
  if (found) location.assign(found.picture?.url ?? found.log);
  return undefined;
}

function nearest(lane, step, by) {
  for (let next = step + by; next >= 0 && next <= last; next += by) if (told(lane)[next]) return next;
  return step;
}

function walk(lane, key) {
  const step = Number(lane.getAttribute("aria-valuenow"));
  return {
    ArrowLeft: () => nearest(lane, step, -1),
    ArrowRight: () => nearest(lane, step, 1),
    ArrowDown: () => nearest(lane, step, -1),
    ArrowUp: () => nearest(lane, step, 1),
    Home: () => nearest(lane, -1, 1),
    End: () => nearest(lane, last + 1, -1),
  }[key]?.();
}

function stand(lane, step) {
  lane.setAttribute("aria-valuenow", String(bound(step)));
  lane.setAttribute("aria-valuetext", `${words[bound(step)]}: ${told(lane)[bound(step)] || "nothing"}`);
}

function pressed(lane, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const step = Number(lane.getAttribute("aria-valuenow"));
  const next = walk(lane, event.key);
  if (next !== undefined) {
    stand(lane, next);
    point(lane, bound(next));
  } else if (event.key === "Enter") open(lane, step);
  else if (event.key === "Escape") leave();
  else return;
  event.preventDefault();
}

function begin(lane) {
  lane.append(document.createElementNS(DRAWING, "path"));
  lane.lastElementChild.setAttribute("class", "lane-cursor");
  lane.classList.add("pointed");
  for (const [name, value] of [["role", "slider"], ["tabindex", "0"], ["aria-valuemin", "0"], ["aria-valuemax", String(last)]]) {
    lane.setAttribute(name, value);
  }
  stand(lane, lane === overview && timeline.dataset.chosen ? Number(timeline.dataset.chosen) : nearest(lane, last + 1, -1));
  lane.addEventListener("keydown", (event) => pressed(lane, event));
  lane.addEventListener("focus", () => {
    if (lane.matches(":focus-visible")) point(lane, Number(lane.getAttribute("aria-valuenow")));
  });
  lane.addEventListener("blur", (event) => { if (!card.contains(event.relatedTarget) && !touched) leave(); });
  lane.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse") point(lane, stepAt(lane, event)); });
  lane.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") leave(); });
  lane.addEventListener("click", (event) => {
    const step = stepAt(lane, event);
    // A finger sees the card first, and presses it.
    if (event.pointerType === "touch" && pictured(lane) && touched !== `${lanes.indexOf(lane)} ${step}`) {
      touched = `${lanes.indexOf(lane)} ${step}`;
      point(lane, step);
    } else open(lane, step);
  });
}

for (const step of overview.querySelectorAll("a")) step.remove();
for (const lane of lanes) begin(lane);
addEventListener("scroll", hide, { passive: true });
document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".lane, .timeline-card")) leave(); });
