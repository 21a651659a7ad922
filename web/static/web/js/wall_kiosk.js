// Full screen: the wall alone, the screen kept awake, the pointer hidden while nobody moves it. An address that ends in ?kiosk
// begins so, for a browser that a screen on the wall starts by itself.
"use strict";

const IDLE = 3000;
const main = document.getElementById("content");
const enter = document.getElementById("wall-full");
const leave = document.getElementById("wall-leave");
let idle = 0;
let lock = null;

function kiosk(on) {
  main.classList.toggle("wall-kiosk", on);
  main.removeAttribute("data-idle");
  // Keys follow the first link that names them.
  for (const [link, has] of [[enter, !on], [leave, on]]) {
    if (has) link?.setAttribute("data-key", "f");
    else link?.removeAttribute("data-key");
  }
  const address = new URL(location.href);
  address.search = on ? "?kiosk" : "";
  history.replaceState(history.state, "", address);
  stayAwake(on);
  librarian.fitWall();
  rest();
}

async function stayAwake(on) {
  if (!on) {
    lock?.release();
    lock = null;
  } else if ("wakeLock" in navigator && !document.hidden) {
    // A browser may refuse, when its battery is low; the wall is shown all the same.
    lock = await navigator.wakeLock.request("screen").catch(() => null);
  }
}

function rest() {
  clearTimeout(idle);
  main.removeAttribute("data-idle");
  if (!main.classList.contains("wall-kiosk")) return;
  idle = setTimeout(() => main.setAttribute("data-idle", ""), IDLE);
}

enter?.addEventListener("click", (event) => {
  event.preventDefault();
  kiosk(true);
  // Where there is no full screen, as on some phones, the wall fills the window.
  document.documentElement.requestFullscreen?.().catch(() => {});
});

leave.addEventListener("click", (event) => {
  event.preventDefault();
  if (document.fullscreenElement) document.exitFullscreen();
  else kiosk(false);
});

document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement) kiosk(false);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && main.classList.contains("wall-kiosk") && !document.fullscreenElement) kiosk(false);
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && main.classList.contains("wall-kiosk")) stayAwake(true);
});

for (const kind of ["pointermove", "pointerdown", "keydown", "focusin"]) document.addEventListener(kind, rest);
if (main.classList.contains("wall-kiosk")) kiosk(true);
