// The page of a camera's zones: drawing, keys and buttons together. Everything ends in hidden fields, which people save.
"use strict";

(() => {
  const STEP = 0.005;
  const LARGE = 10;
  const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

  const page = document.getElementById("zones");
  const form = document.getElementById("zones-form");
  const said = document.getElementById("zones-said");
  const drawing = new librarian.ZoneDrawing(page.querySelector(".zones-drawing"));
  const svg = drawing.svg;
  const tools = Object.fromEntries([...page.querySelectorAll("[data-tool]")].map((one) => [one.dataset.tool, one]));
  const zones = [...form.querySelectorAll("[data-zone]")].map((row) => new librarian.ZoneRow(row));
  const editor = new librarian.ZoneEditor(zones, Number(page.dataset.most), show, (text) => (said.textContent = text));
  new librarian.ZonePointing(editor, drawing);

  function show() {
    const { active } = editor;
    if (!active || active.closed) drawing.pointer = null;
    drawing.show(zones.filter((one) => !one.removed), active);
    for (const one of zones) one.row.toggleAttribute("data-active", one === active);
    form.querySelector("[data-none]").hidden = zones.some((one) => !one.row.hidden);
    for (const [name, tool] of Object.entries(tools)) tool.hidden = (name === "draw") === Boolean(active);
    if (active) allow();
  }

  function allow() {
    tools.finish.disabled = editor.tooFew;
    tools.undo.disabled = !editor.steps.length;
    tools.add.disabled = editor.full;
    tools.delete.disabled = !editor.mayRemove;
  }

  // The picture, and above all what is said and pressed about it.
  function inSight() {
    for (const part of [svg, tools.finish.parentElement]) part.scrollIntoView({ block: "nearest" });
  }

  function draw() {
    const names = zones.filter((one) => !one.row.hidden).map((one) => one.name);
    zones.push(librarian.newZoneRow(form, names));
    editor.begin(zones.at(-1));
    inSight();
  }

  function chosenAfter(name) {
    editor[name]();
    drawing.focus(editor.active.chosen);
  }

  const pressed = { draw, add: () => chosenAfter("add"), delete: () => chosenAfter("remove") };
  for (const name of ["finish", "undo", "cancel"]) pressed[name] = () => editor[name]();
  for (const [name, press] of Object.entries(pressed)) tools[name].addEventListener("click", press);

  svg.addEventListener("focusin", (event) => {
    if (!editor.active || event.target.dataset.corner === undefined) return;
    editor.active.chosen = Number(event.target.dataset.corner);
    allow();
  });

  svg.addEventListener("keydown", (event) => {
    const { active } = editor;
    const number = Number(event.target.dataset.corner);
    if (!active || Number.isNaN(number) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in ARROWS) {
      const steps = ARROWS[event.key].map((step) => step * (event.shiftKey ? LARGE : 1));
      const place = active.corners[number].map((share, at) => share + steps[at]);
      editor.change((state) => (state.corners[number] = librarian.zoneShapes.corner(place)));
    } else if (event.key === "Delete" || event.key === "Backspace") chosenAfter("remove");
    else if (event.key === "Enter" && !active.closed && number === 0) editor.finish();
    else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (!editor.active || event.target.closest?.("input, select, textarea")) return;
    if (event.key === "Escape") editor.cancel();
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) editor.undo();
    else return;
    event.preventDefault();
  });

  form.addEventListener("click", (event) => {
    const row = event.target.closest("[data-edit]")?.closest("[data-zone]");
    if (!row) return;
    editor.begin(zones.find((one) => one.row === row));
    inSight();
    drawing.focus(0);
  });

  form.addEventListener("input", () => {
    editor.changed = true;
    if (editor.active?.removed) editor.cancel();
    show();
  });

  form.addEventListener("submit", (event) => {
    if (editor.active && !editor.finish()) event.preventDefault();
    else editor.changed = false;
  });

  addEventListener("beforeunload", (event) => {
    if (editor.changed) event.preventDefault();
  });

  new ResizeObserver(show).observe(svg);
  show();
})();
