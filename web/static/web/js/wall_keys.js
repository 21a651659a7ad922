// Arrow keys go from camera to camera as they stand on the screen; Enter opens the one that is marked, as any link.
"use strict";

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function middle(link) {
  const { left, top, width, height } = link.closest(".tile").getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

// The nearest one in that direction; what is out of line counts double.
function beside(links, from, [right, down]) {
  const [x, y] = middle(from);
  let found = null;
  let least = Infinity;
  for (const link of links) {
    const [otherX, otherY] = middle(link);
    const ahead = (otherX - x) * right + (otherY - y) * down;
    const aside = Math.abs((otherX - x) * down) + Math.abs((otherY - y) * right);
    if (ahead > 1 && ahead + 2 * aside < least) {
      least = ahead + 2 * aside;
      found = link;
    }
  }
  return found;
}

document.addEventListener("keydown", (event) => {
  const direction = DIRECTIONS[event.key];
  if (!direction || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const links = [...librarian.wall.querySelectorAll(".tile-link")];
  const here = document.activeElement.closest(".tile")?.querySelector(".tile-link");
  if (!links.length || (!here && document.activeElement !== document.body)) return;
  event.preventDefault();
  (here ? beside(links, here, direction) : links[0])?.focus();
});
