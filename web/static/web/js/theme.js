// The theme switch without a round trip: the cookie that the server reads, and the attribute that the style sheets read.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-switch]") || !event.submitter) return;
  event.preventDefault();
  const chosen = event.submitter.value;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${chosen}; path=/; max-age=${chosen ? 31536000 : 0}; SameSite=Lax${secure}`;
  show(chosen);
});

// A page that comes back from the browser's memory may be older than the choice.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) show(/(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1] ?? "");
});

function show(chosen) {
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  document.querySelector('meta[name="color-scheme"]').content = chosen || "light dark";
  for (const button of document.querySelectorAll("[data-theme-switch] button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
}
