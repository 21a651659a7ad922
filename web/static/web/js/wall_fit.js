// How the wall is laid out: as many columns as make its tiles largest with all of them in sight. Sizes are remembered in a
// cookie, so that the server draws the page as it was left; it is of this browser alone.
"use strict";

const SHAPE = 4 / 3;
const LEAST = 92;

librarian.wall = document.getElementById("wall");

librarian.fitWall = () => {
  const { wall } = librarian;
  const tiles = [...wall.querySelectorAll(".tile")];
  wall.toggleAttribute("data-narrow", wall.clientWidth < 480);
  wall.toggleAttribute("data-fitted", wall.dataset.size === "fit");
  if (wall.dataset.size === "fit") {
    const large = wall.hasAttribute("data-narrow") ? 0 : wall.querySelectorAll(".tile[data-large]").length;
    place(wall, best(wall, tiles.length, large));
  } else {
    wall.style.removeProperty("--wall-tile");
  }
  for (const tile of tiles) {
    const image = tile.querySelector("img");
    if (image.srcset) image.sizes = `${Math.ceil(tile.clientWidth)}px`;
  }
};

function best(wall, count, large) {
  const gap = parseFloat(getComputedStyle(wall).columnGap) || 0;
  const beneath = parseFloat(getComputedStyle(document.getElementById("content")).paddingBottom) || 0;
  const high = innerHeight - (wall.getBoundingClientRect().top + scrollY) - beneath - bar();
  const cells = count + 3 * large;
  let found = { columns: 1, tile: 0 };
  for (let columns = large ? 2 : 1; columns <= Math.max(cells, 1); columns += 1) {
    const rows = Math.max(Math.ceil(cells / columns), large ? 2 : 1);
    const wide = (wall.clientWidth - gap * (columns - 1)) / columns;
    const tile = Math.min(wide, ((high - gap * (rows - 1)) / rows) * SHAPE);
    if (tile > found.tile) found = { columns, tile };
  }
  // Where everything on one screen would be too small to see, the page scrolls.
  if (found.tile >= LEAST) return found;
  const columns = Math.max(Math.floor((wall.clientWidth + gap) / (LEAST + gap)), 1);
  return { columns, tile: (wall.clientWidth - gap * (columns - 1)) / columns };
}

function bar() {
  const links = document.querySelector(".nav");
  return links && getComputedStyle(links).position === "fixed" ? links.offsetHeight : 0;
}

function place(wall, { columns, tile }) {
  wall.style.setProperty("--wall-columns", String(columns));
  wall.style.setProperty("--wall-tile", `${Math.floor(tile)}px`);
}

function remember() {
  const { wall } = librarian;
  const large = [...wall.querySelectorAll(".tile[data-large]")].map((tile) => tile.dataset.camera);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const value = [wall.dataset.size, ...large].join(".");
  document.cookie = `wall=${value}; path=/; max-age=31536000; SameSite=Lax${secure}`;
}

document.getElementById("wall-sizes")?.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-size]");
  if (!chosen) return;
  event.preventDefault();
  librarian.wall.dataset.size = chosen.dataset.size;
  for (const one of event.currentTarget.children) {
    if (one === chosen) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  remember();
  librarian.fitWall();
});

librarian.wall.addEventListener("click", (event) => {
  const button = event.target.closest(".tile-button");
  if (!button) return;
  const large = button.closest(".tile").toggleAttribute("data-large");
  button.setAttribute("aria-pressed", String(large));
  remember();
  librarian.fitWall();
});

new ResizeObserver(librarian.fitWall).observe(document.documentElement);
addEventListener("resize", librarian.fitWall);
librarian.fitWall();
