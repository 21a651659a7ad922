// Endless scrolling asks for the next pictures before the end is in sight, and the way back leads to the picture that was left.
"use strict";

const EARLY = "900px";

const pictures = document.getElementById("pictures");
const ahead = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      ahead.unobserve(entry.target);
      htmx.trigger(entry.target, "more");
    }
  },
  { rootMargin: EARLY },
);

function watch() {
  const more = pictures?.querySelector(".more");
  if (more) ahead.observe(more);
}

watch();
document.addEventListener("htmx:afterSettle", watch);

for (const failed of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failed, () => librarian.toast("The older pictures could not be loaded.", "error"));
}

// The address of the page that a card belongs to, which is not the first after some scrolling.
librarian.addressOf = (card) => {
  let one = card;
  while (one && !one.dataset.page) one = one.previousElementSibling;
  return `${one ? one.dataset.page : location.pathname + location.search}#${card.id}`;
};

// Where the browser does not keep this page in memory, going back loads the page with the picture and scrolls to it.
document.addEventListener("click", (event) => {
  const card = event.target.closest("#pictures .card");
  if (card && event.target.closest("a") && !event.defaultPrevented) history.replaceState(history.state, "", librarian.addressOf(card));
});
