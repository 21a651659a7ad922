// Asks once a second what is shown, while the page is in sight. A browser asks with what it has (ETag): mostly nothing new comes back.
"use strict";

const EVERY = 1000;
const QUIET = 20000;

const live = document.getElementById("live");
const state = live.querySelector("[data-state]");
const pattern = document.getElementById("live-card").content;
let timer = 0;
let asking = false;
let lastNews = Date.now();
let lastText = "";

function say(text, wrong = false) {
  if (state.textContent !== text) state.textContent = text;
  state.toggleAttribute("data-wrong", wrong);
}

function fill(card, facts) {
  for (const name of ["title", "sub", "time", "problem"]) {
    const place = card.querySelector(`[data-${name}]`);
    if (place.textContent !== facts[name]) place.textContent = facts[name];
  }
  const picture = card.querySelector("img");
  picture.hidden = !facts.picture;
  // The picture before stays in sight until the new one is there.
  if (facts.picture && picture.getAttribute("src") !== facts.picture) picture.src = facts.picture;
}

function show(list, cards) {
  const known = new Map([...list.children].map((card) => [card.dataset.slot, card]));
  for (const facts of cards) {
    let card = known.get(facts.slot);
    if (!card) {
      card = pattern.firstElementChild.cloneNode(true);
      card.dataset.slot = facts.slot;
      list.append(card);
    }
    known.delete(facts.slot);
    fill(card, facts);
  }
  for (const card of known.values()) card.remove();
  live.querySelector(`[data-nothing="${list.dataset.kind}"]`).hidden = cards.length > 0;
}

function take(text) {
  if (text !== lastText) lastNews = Date.now();
  lastText = text;
  const { problem, cards } = JSON.parse(text);
  for (const list of live.querySelectorAll("[data-kind]")) {
    show(list, cards.filter((one) => one.kind === list.dataset.kind));
  }
  if (problem) say(problem, true);
  else if (cards.length) say("New pictures appear by themselves.");
  else if (Date.now() - lastNews > QUIET) say("Nothing has come for a while. This page goes on looking.");
  else say("Looking for pictures…");
}

async function look() {
  timer = 0;
  if (document.hidden || asking) return;
  asking = true;
  try {
    const answer = await fetch(live.dataset.list, { cache: "no-cache" });
    if (answer.redirected) {
      say("You are signed out. Load this page again to sign in.", true);
      return;
    }
    if (!answer.ok) throw new Error(answer.status);
    take(await answer.text());
  } catch {
    say("librarian does not answer. This page goes on trying.", true);
  } finally {
    asking = false;
  }
  if (!document.hidden && !timer) timer = setTimeout(look, EVERY);
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  timer = 0;
  if (document.hidden) say("Paused while this page is out of sight.");
  else look();
});

look();
