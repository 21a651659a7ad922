// A key follows the link, or presses the switch, that names it in data-key; pages only say which have keys. One that is
// held down presses no button again: it would answer what the next page asks. Escape leaves a field, so that keys count.
"use strict";

const typing = "input:not([type=checkbox]), textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  if (event.target instanceof HTMLElement && event.target.closest(typing)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!pressed || (event.repeat && pressed.matches("button"))) return;
  event.preventDefault();
  pressed.click();
});
