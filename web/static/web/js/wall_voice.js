// Speaks messages whose rules send to a channel of speech. On or off, volume and voice are this wall's own, kept in its
// browser. A message is said once, and again only when its words are others, such as with a plate that became known.
"use strict";

const EVERY = 1000;
const MOST_KNOWN = 200;
const KEY = "wall-voice";

const menu = document.getElementById("wall-voice");
const on = document.getElementById("voice-on");
const names = document.getElementById("voice-name");
const volume = document.getElementById("voice-volume");
const status = document.getElementById("voice-said");
const said = new Map();
const speech = window.speechSynthesis;
let first = true;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ on: on.checked, voice: names.value, volume: Number(volume.value) }));
  } catch {
    status.textContent = "This browser keeps nothing: the wall will be silent when it is loaded anew.";
  }
}

function fillVoices() {
  const chosen = names.value || kept().voice || "";
  const known = speech.getVoices().map((voice) => new Option(`${voice.name} (${voice.lang})`, voice.voiceURI));
  names.replaceChildren(new Option("As the device", ""), ...known);
  names.value = [...names.options].some((one) => one.value === chosen) ? chosen : "";
}

function say(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.volume = Number(volume.value);
  words.voice = speech.getVoices().find((voice) => voice.voiceURI === names.value) ?? null;
  words.addEventListener("error", (event) => {
    if (event.error === "not-allowed") status.textContent = "The browser wants a press on this page before it speaks.";
    else if (!["canceled", "interrupted"].includes(event.error)) status.textContent = `Not spoken: ${event.error}.`;
  });
  speech.speak(words);
  status.textContent = text;
}

function take(messages) {
  for (const { number, text } of messages) {
    const isNew = said.get(number) !== text;
    said.set(number, text);
    if (isNew && !first) say(text);
  }
  for (const number of [...said.keys()].slice(0, Math.max(said.size - MOST_KNOWN, 0))) said.delete(number);
  first = false;
}

async function look() {
  if (on.checked) {
    try {
      const answer = await fetch(menu.dataset.speech, { redirect: "manual", signal: AbortSignal.timeout(10 * EVERY) });
      if (answer.ok) take((await answer.json()).messages);
    } catch {
      // The wall itself says that librarian does not answer.
    }
  }
  setTimeout(look, EVERY);
}

if (speech) {
  const before = kept();
  on.checked = Boolean(before.on);
  volume.value = String(before.volume ?? 1);
  fillVoices();
  speech.addEventListener?.("voiceschanged", fillVoices);
  for (const one of [on, names, volume]) one.addEventListener("change", keep);
  on.addEventListener("change", () => { first = true; });
  document.getElementById("voice-try").addEventListener("click", () => say("This is the voice of the wall."));
  look();
} else {
  for (const one of [on, names, volume, document.getElementById("voice-try")]) one.disabled = true;
  status.textContent = "This browser cannot speak.";
}
