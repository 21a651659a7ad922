// Pictures large, over the gallery: without this script a card leads to the picture's own page.
"use strict";

(() => {
  const box = document.getElementById("lightbox");
  const grid = document.getElementById("pictures");
  if (!box || !grid) return;

  const SWIPE = 48;
  const PAN = 80;
  const ENOUGH = 1.25;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const boxes = part("boxes");
  const zoom = librarian.zoomable(part("stage"));
  const changing = librarian.changing(box, () => beside(1) ?? beside(-1) ?? card);
  let card = null;
  let waiting = null; // the last card of those that are here, from which somebody wants to go on

  const all = () => [...grid.querySelectorAll(".card[data-picture]")];
  const beside = (step) => all()[all().indexOf(card) + step];
  const more = () => grid.querySelector(".more");

  function show(next) {
    card = next;
    part("name").textContent = card.querySelector(".card-link").textContent;
    part("when").textContent = card.dataset.when;
    part("size").textContent = card.dataset.size;
    part("page-link").href = card.querySelector(".card-link").href;
    part("download").href = card.dataset.picture;
    part("download").download = card.dataset.file;
    part("visit").hidden = !card.dataset.visit;
    part("visit").href = card.dataset.visit ?? "#";
    changing.show(card);
    part("facts").replaceChildren(...[card.querySelector(".badges")].filter(Boolean).map((one) => one.cloneNode(true)));
    stage();
    setSteps();
    if (all().indexOf(card) > all().length - 6) loadOlder();
    history.replaceState({ lightbox: card.id }, "", librarian.addressOf(card));
  }

  function setSteps() {
    for (const button of box.querySelectorAll("[data-step]")) {
      const step = Number(button.dataset.step);
      button.disabled = !beside(step) && !(step > 0 && more());
    }
  }

  // The thumbnail stands in until the picture is there; neighbours are fetched meanwhile.
  function stage() {
    const small = card.querySelector("img").cloneNode();
    small.loading = "eager";
    const overlay = card.querySelector(".overlay")?.cloneNode(true);
    part("stage").replaceChildren(small, ...(overlay ? [overlay] : []));
    zoom.reset();
    setZoomed();
    load(addressFor(card)).then(() => [1, -1].forEach(preload));
  }

  function load(address) {
    const shown = card;
    const large = new Image();
    large.src = address;
    large.alt = shown.querySelector(".card-link").title;
    return large.decode().then(
      () => shown === card && (part("stage").querySelector("img").replaceWith(large), zoom.draw()),
      () => shown === card && librarian.toast("This picture could not be loaded.", "error"),
    );
  }

  // The preview, where this screen has hardly more pixels; whoever zooms gets the picture itself.
  function addressFor(one) {
    const { picture, previewSrc, previewWidth } = one.dataset;
    return previewSrc && part("stage").clientWidth * devicePixelRatio <= previewWidth * ENOUGH ? previewSrc : picture;
  }

  function sharpen() {
    const shown = part("stage").querySelector("img")?.getAttribute("src");
    if (shown && shown === card?.dataset.previewSrc) load(card.dataset.picture);
  }

  function preload(step) {
    const next = beside(step);
    if (next) new Image().src = addressFor(next);
  }

  function loadOlder() {
    if (more()) htmx.trigger(more(), "more");
  }

  function go(step) {
    const next = beside(step);
    waiting = next || step < 0 ? null : card;
    if (next) show(next);
  }

  function goOn() {
    setSteps();
    if (waiting === card) go(1);
  }

  function open(first) {
    history.scrollRestoration = "manual";
    history.pushState({ lightbox: first.id }, "");
    box.showModal();
    show(first);
  }

  // Closing goes back over the entry that opening made.
  box.addEventListener("close", () => {
    part("stage").replaceChildren();
    if (history.state?.lightbox) history.back();
  });

  window.addEventListener("popstate", (event) => {
    const wanted = event.state?.lightbox && document.getElementById(event.state.lightbox);
    if (wanted) {
      if (!box.open) box.showModal();
      show(wanted);
    } else if (card) leave();
  });

  // The page stays at the picture that was seen last.
  function leave() {
    const left = card;
    card = null;
    box.close();
    history.replaceState(null, "", librarian.addressOf(left));
    // Going back also scrolls to the picture that the older address names, a moment from now.
    setTimeout(() => {
      history.scrollRestoration = "auto";
      left.scrollIntoView({ block: "nearest" });
      left.querySelector(".card-link").focus({ preventScroll: true, focusVisible: false });
    });
  }

  grid.addEventListener("click", (event) => {
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const pressed = event.target.closest(".card-link")?.closest(".card[data-picture]");
    if (!plain || !pressed) return;
    event.preventDefault();
    open(pressed);
  });

  box.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) go(Number(step.dataset.step));
    if (event.target.closest("[data-zoom]")) zoom.toggle();
    setZoomed();
    if (event.target.closest("[data-boxes]")) setBoxes(boxes.getAttribute("aria-pressed") !== "true");
  });

  const keys = {
    ArrowLeft: () => (zoom.active ? zoom.move(PAN, 0) : go(-1)),
    ArrowRight: () => (zoom.active ? zoom.move(-PAN, 0) : go(1)),
    b: () => setBoxes(boxes.getAttribute("aria-pressed") !== "true"),
    z: () => zoom.toggle(),
    "+": () => zoom.by(1.4),
    "-": () => zoom.by(1 / 1.4),
    0: () => zoom.reset(),
    d: () => part("download").click(),
    k: () => part("keep")?.click(),
    ArrowUp: () => zoom.move(0, PAN),
    ArrowDown: () => zoom.move(0, -PAN),
  };

  // Of the document, since a step that can no longer be taken loses the focus to it.
  document.addEventListener("keydown", (event) => {
    if (!box.open || event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
    setZoomed();
  });

  let start = null;
  part("stage").addEventListener("pointerdown", (event) => {
    start = event.isPrimary && !zoom.active ? { x: event.clientX, y: event.clientY } : null;
  });
  part("stage").addEventListener("pointerup", (event) => {
    const [x, y] = start ? [event.clientX - start.x, event.clientY - start.y] : [0, 0];
    start = null;
    if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) go(x < 0 ? 1 : -1);
  });
  for (const moved of ["wheel", "pointerup"]) part("stage").addEventListener(moved, () => setZoomed());
  part("stage").addEventListener("pointercancel", () => (start = null));

  function setZoomed() {
    const zoomed = part("stage").hasAttribute("data-zoomed");
    part("zoom").setAttribute("aria-pressed", String(zoomed));
    if (zoomed) sharpen();
  }

  function setBoxes(shown) {
    boxes.setAttribute("aria-pressed", String(shown));
    try {
      localStorage.setItem("boxes", shown ? "on" : "off");
    } catch {
      // A browser that keeps nothing shows boxes each time.
    }
  }

  try {
    if (localStorage.getItem("boxes") === "off") setBoxes(false);
  } catch {
    // As above.
  }

  document.addEventListener("htmx:afterSettle", () => box.open && goOn());

  // Back from a picture's page, or after loading anew.
  const again = history.state?.lightbox && document.getElementById(history.state.lightbox);
  if (again?.dataset.picture) {
    box.showModal();
    show(again);
  }
})();
