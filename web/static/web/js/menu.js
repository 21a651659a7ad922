// Closes an open menu when the person looks elsewhere or presses Escape; without this script it opens and closes itself.
"use strict";

const menus = [...document.querySelectorAll("details[data-menu]")];

document.addEventListener("click", (event) => {
  for (const menu of menus) {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus.filter((one) => one.open)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
