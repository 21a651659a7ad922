// The theme switch without a round trip: the page changes at once, and the choice is kept with the person.
"use strict";

const GROUND = { light: "#ffffff", dark: "#171c1e" };
let kept = document.documentElement.dataset.theme ?? "auto";
note();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-switch]") || !event.submitter) return;
  event.preventDefault();
  const chosen = event.submitter.value;
  const body = new FormData(form, event.submitter);
  show(chosen);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    kept = chosen;
    note();
  } catch {
    show(kept);
    if (document.getElementById("toast-template")) librarian.toast("The colours could not be kept. Load this page again.", "error");
  }
});

// A page that comes back from the browser's memory may be older than the choice; this note is all that scripts keep of it.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) show(/(?:^|; )theme=(auto|light|dark)/.exec(document.cookie)?.[1] ?? kept);
});

function note() {
  document.cookie = `theme=${kept}; path=/; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
}

function show(chosen) {
  const fixed = chosen in GROUND;
  if (fixed) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  document.querySelector('meta[name="color-scheme"]').content = fixed ? chosen : "light dark";
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.content = GROUND[fixed ? chosen : meta.media.includes("dark") ? "dark" : "light"];
  }
  for (const button of document.querySelectorAll("[data-theme-switch] button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
}
