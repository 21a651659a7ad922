// What a step of a lane holds, on a card beside it: the time, what was counted, and its newest picture.
"use strict";

const PATIENCE = 120;
const EDGE = 8;

const timeline = document.getElementById("timeline");
const card = document.getElementById("timeline-card");
const link = card.querySelector("[data-link]");
const image = card.querySelector("[data-image]");
const words = timeline.dataset.words.split("|");
const span = Number(timeline.dataset.span);
const known = new Map();
let waiting = 0;
let wanted = "";

// The newest picture of a step, of a camera or of all that are shown; asked for once.
function picture(camera, step) {
  const asked = new URL(timeline.dataset.step + step, location.href);
  asked.pathname = timeline.dataset.facts;
  if (camera) asked.searchParams.set("camera", camera);
  const address = asked.toString();
  if (!known.has(address)) {
    const answer = fetch(address).then((one) => (one.ok && !one.redirected ? one.json() : null)).catch(() => null);
    known.set(address, answer);
    answer.then((found) => found ?? known.delete(address));
  }
  return known.get(address);
}

function place(lane, step) {
  const { left, width, top, bottom } = lane.getBoundingClientRect();
  const middle = left + ((step + 0.5) / span) * width;
  const farthest = document.documentElement.clientWidth - card.offsetWidth - EDGE;
  const beneath = bottom + EDGE + card.offsetHeight < innerHeight;
  card.style.left = `${Math.max(Math.min(middle - card.offsetWidth / 2, farthest), EDGE)}px`;
  card.style.top = `${beneath ? bottom + EDGE : Math.max(top - EDGE - card.offsetHeight, EDGE)}px`;
}

async function fill(lane, step, ticket) {
  const found = (await picture(lane.dataset.camera, step))?.picture;
  if (wanted !== ticket || !found) return;
  link.href = found.url;
  link.querySelector("[data-name]").textContent = found.title;
  link.querySelector("[data-clock]").textContent = found.time;
  image.hidden = !found.thumbnail;
  if (found.thumbnail) {
    image.src = found.thumbnail;
    await image.decode().catch(() => { image.hidden = true; });
  }
  if (wanted !== ticket) return;
  link.hidden = false;
  place(lane, step);
}

function show(lane, step, told, pictured) {
  const ticket = `${lane.dataset.camera ?? ""} ${step} ${lane.getAttribute("aria-label")}`;
  if (ticket === wanted) return;
  wanted = ticket;
  clearTimeout(waiting);
  card.querySelector("[data-words]").textContent = words[step];
  card.querySelector("[data-told]").textContent = told;
  link.hidden = true;
  card.hidden = false;
  place(lane, step);
  if (pictured && told) waiting = setTimeout(fill, PATIENCE, lane, step, ticket);
}

function hide() {
  wanted = "";
  clearTimeout(waiting);
  card.hidden = true;
}

librarian.timelineCard = { element: card, picture, show, hide, words, span };
