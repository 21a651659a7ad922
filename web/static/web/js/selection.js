// Choosing pictures: by their checkboxes, by a press anywhere once one is chosen, with shift a range, with a finger by a long press.
"use strict";

(() => {
  const grid = document.getElementById("pictures");
  const form = document.getElementById("selection");
  const mode = document.getElementById("select");
  if (!grid || !form) return;

  const LONG_MS = 500;
  const MOVED = 10;
  let last = null;
  let held = null; // a long press that has just chosen, so that letting go opens nothing

  const all = () => [...grid.querySelectorAll(".card-check input")];
  const chosen = () => all().filter((one) => one.checked);
  const boxOf = (target) => target.closest(".card")?.querySelector(".card-check input");
  const choosing = () => mode.getAttribute("aria-pressed") === "true" || chosen().length > 0;

  function tell() {
    const number = chosen().length;
    form.querySelector("[data-count]").textContent = number ? `${number} chosen` : "Press pictures to choose them";
    form.toggleAttribute("data-empty", !number);
    for (const button of form.querySelectorAll("[name=action]")) button.disabled = !number;
  }

  function setMode(on) {
    mode.setAttribute("aria-pressed", String(on));
    document.body.toggleAttribute("data-choosing", on);
    tell();
  }

  function choose(box, checked, range) {
    const boxes = all();
    const [from, to] = [boxes.indexOf(range && last ? last : box), boxes.indexOf(box)].sort((one, other) => one - other);
    for (const one of boxes.slice(Math.max(from, 0), to + 1)) one.checked = checked;
    last = box;
    tell();
  }

  // Before the lightbox hears of it.
  grid.addEventListener(
    "click",
    (event) => {
      const box = event.target.closest(".card-check input");
      if (box) return choose(box, box.checked, event.shiftKey);
      const card = event.target.closest(".card-link") && boxOf(event.target);
      const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.altKey);
      if (!card || !plain) return;
      if (held !== card && !choosing()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (held !== card) choose(card, event.shiftKey ? true : !card.checked, event.shiftKey);
      held = null;
    },
    true,
  );

  let press = null;
  const release = () => {
    clearTimeout(press?.timer);
    press = null;
  };

  grid.addEventListener("pointerdown", (event) => {
    const box = boxOf(event.target);
    held = null;
    release();
    if (event.pointerType === "mouse" || !box || event.target.closest(".card-check")) return;
    const timer = setTimeout(() => {
      held = box;
      choose(box, !box.checked, false);
      navigator.vibrate?.(15);
    }, LONG_MS);
    press = { timer, x: event.clientX, y: event.clientY };
  });
  grid.addEventListener("pointermove", (event) => {
    if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > MOVED) release();
  });
  for (const end of ["pointerup", "pointercancel"]) grid.addEventListener(end, release);
  grid.addEventListener("contextmenu", (event) => held && event.preventDefault());

  mode.addEventListener("click", () => {
    const on = mode.getAttribute("aria-pressed") !== "true";
    if (!on) form.reset();
    setMode(on);
  });

  form.querySelector("[data-all]").addEventListener("click", () => {
    for (const one of all()) one.checked = true;
    tell();
  });
  form.addEventListener("reset", () => setTimeout(() => setMode(false)));

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && choosing() && !document.querySelector("dialog[open], details[data-menu][open]")) form.reset();
  });
  document.addEventListener("htmx:afterSettle", tell);
  window.addEventListener("pageshow", tell);
  tell();
})();
