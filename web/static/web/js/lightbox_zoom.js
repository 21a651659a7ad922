// Zoom and pan of the picture in the lightbox: with the wheel, two fingers, a double press, or keys.
"use strict";

librarian.zoomable = (stage) => {
  const MOST = 8;
  const DOUBLE = 2.5;
  const PRESS_MS = 300;
  const pointers = new Map();
  let view = { scale: 1, x: 0, y: 0 };
  let pinch = null;
  const NEAR = 30;
  let down = { x: 0, y: 0 };
  let pressed = { at: 0, x: 0, y: 0 };

  const near = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) < NEAR;
  const middle = () => ({ x: stage.clientWidth / 2, y: stage.clientHeight / 2 });

  function draw() {
    const room = { x: ((view.scale - 1) * stage.clientWidth) / 2, y: ((view.scale - 1) * stage.clientHeight) / 2 };
    view.x = Math.min(Math.max(view.x, -room.x), room.x);
    view.y = Math.min(Math.max(view.y, -room.y), room.y);
    for (const one of stage.children) {
      one.style.transform = view.scale > 1 ? `translate(${view.x}px, ${view.y}px) scale(${view.scale})` : "";
    }
    stage.toggleAttribute("data-zoomed", view.scale > 1);
  }

  // What lies under a place of the stage stays there.
  function zoom(scale, place = middle()) {
    const next = Math.min(Math.max(scale, 1), MOST);
    const from = { x: place.x - middle().x, y: place.y - middle().y };
    const grown = next / view.scale;
    view = { scale: next, x: from.x - (from.x - view.x) * grown, y: from.y - (from.y - view.y) * grown };
    draw();
  }

  function reset() {
    view = { scale: 1, x: 0, y: 0 };
    pointers.clear();
    pinch = null;
    draw();
  }

  function placeOf(event) {
    const { left, top } = stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoom(view.scale * Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), placeOf(event));
    },
    { passive: false },
  );

  stage.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, placeOf(event));
    if (event.isPrimary) down = placeOf(event);
    if (view.scale > 1 || pointers.size > 1) stage.setPointerCapture(event.pointerId);
    if (pointers.size === 2) pinch = { spread: spread(), scale: view.scale };
  });

  stage.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = placeOf(event);
    pointers.set(event.pointerId, now);
    if (pinch && pointers.size === 2) {
      const [one, other] = [...pointers.values()];
      zoom((pinch.scale * spread()) / pinch.spread, { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
    } else if (view.scale > 1) {
      view = { ...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y };
      draw();
    }
  });

  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      if (pointers.size < 2) pinch = null;
    });
  }

  // A double press of a finger as well; browsers tell of a mouse's only.
  stage.addEventListener("pointerup", (event) => {
    const place = placeOf(event);
    if (!event.isPrimary || !near(place, down)) return;
    const again = event.timeStamp - pressed.at < PRESS_MS && near(place, pressed);
    pressed = { at: again ? 0 : event.timeStamp, ...place };
    if (again) zoom(view.scale > 1 ? 1 : DOUBLE, place);
  });

  function spread() {
    const [one, other] = [...pointers.values()];
    return Math.max(Math.hypot(one.x - other.x, one.y - other.y), 1);
  }

  return {
    reset,
    draw,
    by: (factor) => zoom(view.scale * factor),
    toggle: () => zoom(view.scale > 1 ? 1 : DOUBLE),
    move: (x, y) => {
      view = { ...view, x: view.x + x, y: view.y + y };
      draw();
    },
    get active() {
      return view.scale > 1 || pointers.size > 1;
    },
  };
};
