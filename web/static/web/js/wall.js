// Asks twice a second what the wall shows, five times while a camera sends all the time; mostly the answer is that nothing
// is new (ETag). It waits four times as long as an answer took, so that a busy server is asked less, and never gives up.
"use strict";

const EVERY = 500;
const STREAM_EVERY = 200;
const PATIENCE = 4;
const MOST_PATIENCE = 5000;
const AWAY_EVERY = 2000;
const GIVES_UP = 10000;
const AGAIN = 10000;
const LIVELY = 1500;
const UNITS = [[86400, "d"], [3600, "h"], [60, "min"]];

const { wall } = librarian;
const said = document.getElementById("wall-said");
const pattern = document.getElementById("wall-tile").content.firstElementChild;
const loading = new Map();
const missing = new Map();
let timer = 0;
let asking = false;
let ahead = 0;
let livelyUntil = 0;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function say(text, signIn = false) {
  const [words, link] = said.children;
  if (words.textContent !== text) words.textContent = text;
  link.hidden = !signIn;
  if (said.hidden === Boolean(text)) {
    said.hidden = !text;
    librarian.fitWall();
  }
}

function age(seconds) {
  const [size, unit] = UNITS.find(([least]) => seconds >= least) ?? [1, "s"];
  return `${Math.max(Math.floor(seconds / size), 0)} ${unit}`;
}

function agesPass() {
  for (const tile of wall.querySelectorAll(".tile")) {
    if (!tile.dataset.at) continue;
    const seconds = (Date.now() + ahead - Date.parse(tile.dataset.at)) / 1000;
    const place = tile.querySelector("[data-age]");
    const text = age(seconds);
    if (place.textContent !== text) place.textContent = text;
    tile.toggleAttribute("data-stale", !tile.hasAttribute("data-live") && seconds > Number(wall.dataset.stale));
  }
}

// What a tile shows, or is about to; nothing where that could not be loaded.
function shown(tile) {
  const image = tile.querySelector("img");
  return loading.get(tile) ?? (image.complete && !image.naturalWidth ? "" : image.getAttribute("src"));
}

// The picture before stays in sight until the new one is there; one that is overtaken is not shown.
async function showPicture(tile, facts) {
  const wanted = facts.picture || wall.dataset.card;
  const failed = missing.get(tile);
  if (shown(tile) === wanted || (failed?.picture === wanted && performance.now() < failed.until)) return;
  loading.set(tile, wanted);
  const next = new Image();
  next.alt = "";
  if (facts.thumbnail) {
    next.sizes = `${Math.ceil(tile.clientWidth) || 1}px`;
    next.srcset = `${facts.thumbnail} ${wall.dataset.thumbnail}w, ${facts.picture} ${facts.width}w`;
  }
  next.src = wanted;
  const there = await next.decode().then(() => true, () => false);
  if (loading.get(tile) !== wanted) return;
  loading.delete(tile);
  if (there) {
    missing.delete(tile);
    tile.querySelector("img").replaceWith(next);
    tell(tile, facts);
  } else {
    missing.set(tile, { picture: wanted, until: performance.now() + AGAIN });
    // Of a stream, a picture that has just gone is followed by a newer one.
    tile.toggleAttribute("data-missing", !facts.live);
    if (!facts.live) tile.querySelector("[data-note]").textContent = "The latest picture cannot be loaded";
  }
}

function tell(tile, facts) {
  // Pictures of which each is kept can come as fast as a stream.
  const passed = Date.parse(facts.at) - Date.parse(tile.dataset.at);
  if (passed > 0 && passed < LIVELY) livelyUntil = performance.now() + 2 * LIVELY;
  tile.dataset.at = facts.at;
  tile.removeAttribute("data-missing");
  tile.toggleAttribute("data-streamed", facts.live);
  tile.toggleAttribute("data-live", facts.live);
  tile.toggleAttribute("data-card", !facts.picture);
  tile.querySelector("[data-note]").textContent = facts.note;
  agesPass();
}

function fill(tile, facts) {
  const link = tile.querySelector(".tile-link");
  const title = tile.querySelector("[data-title]");
  link.href = facts.url;
  if (title.textContent !== facts.title) {
    title.textContent = facts.title;
    tile.querySelector(".tile-button").setAttribute("aria-label", `Enlarge ${facts.title}`);
  }
  tile.toggleAttribute("data-silent", facts.silent);
  const ended = tile.hasAttribute("data-streamed") && !facts.live && facts.at < tile.dataset.at;
  if (ended) tile.removeAttribute("data-live"); // its last picture stays, since nothing newer is kept
  else showPicture(tile, facts);
}

function show(tiles) {
  const known = new Map([...wall.children].map((tile) => [tile.dataset.camera, tile]));
  let before = null;
  let changed = false;
  for (const facts of tiles) {
    const name = String(facts.camera);
    const tile = known.get(name) ?? pattern.cloneNode(true);
    if (!known.delete(name)) {
      tile.dataset.camera = name;
      tile.querySelector("img").src = wall.dataset.card;
      wall.insertBefore(tile, before ? before.nextSibling : wall.firstChild);
      tell(tile, { ...facts, picture: "" });
      changed = true;
    }
    fill(tile, facts);
    before = tile;
  }
  for (const tile of known.values()) {
    loading.delete(tile);
    missing.delete(tile);
    tile.remove();
  }
  wall.hidden = !tiles.length;
  document.getElementById("wall-nothing").hidden = tiles.length > 0;
  if (changed || known.size) librarian.fitWall();
}

function wait(took) {
  const lively = wall.querySelector(".tile[data-live]") || performance.now() < livelyUntil;
  const every = lively && !calm.matches ? STREAM_EVERY : EVERY;
  later(Math.max(every - took, Math.min(took * PATIENCE, MOST_PATIENCE)));
}

function later(milliseconds) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, milliseconds);
}

function take(answer, { problem, tiles, script }) {
  // A newer version was installed: its page comes with its script.
  if (script !== wall.dataset.script && performance.now() > AGAIN) location.reload();
  const now = Date.parse(answer.headers.get("Date"));
  if (now) ahead = Math.max(now - Date.now(), Math.min(ahead, now - Date.now() + 1000)); // Date is whole seconds
  show(tiles);
  say(problem);
}

// The answer and its list, none where the person is signed out; nothing where the server is away.
async function ask() {
  const asked = { cache: "no-cache", redirect: "manual", signal: AbortSignal.timeout(GIVES_UP) };
  try {
    const answer = await fetch(wall.dataset.list, asked);
    if (answer.type === "opaqueredirect") return { answer };
    return answer.ok ? { answer, list: await answer.json() } : null;
  } catch {
    return null;
  }
}

async function look() {
  if (asking || document.hidden) return;
  asking = true;
  const begun = performance.now();
  const found = await ask();
  asking = false;
  later(AWAY_EVERY);
  if (!found) say("librarian does not answer. The wall goes on by itself when it does.");
  else if (!found.list) say("You are signed out. The wall goes on when you are signed in again.", true);
  else {
    take(found.answer, found.list);
    wait(performance.now() - begun);
  }
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) look();
});

setInterval(agesPass, 1000);
wait(0);
