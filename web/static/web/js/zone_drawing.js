// Draws zones over the picture: shapes, and the corners of the one that is being changed. Knows nothing of what happens to them.
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const CORNER = 7;
  const MIDDLE = 5;
  const REACH = 20;
  const LETTERS = 15;
  const shapes = librarian.zoneShapes;

  function make(name, facts, ...inside) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  librarian.ZoneDrawing = class {
    constructor(svg) {
      this.svg = svg;
      this.width = svg.viewBox.baseVal.width;
      this.height = svg.viewBox.baseVal.height;
      this.pointer = null;
    }

    // Pixels of the picture in one of the screen; the picture may be smaller than its place, but keeps its shape.
    get scale() {
      return 1 / (this.svg.getScreenCTM()?.a || 1);
    }

    // A place on the screen as shares of the picture.
    place(event) {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      return [x / this.width, y / this.height];
    }

    // How far so many pixels of the screen are, as shares of the picture.
    far(pixels) {
      return [(pixels * this.scale) / this.width, (pixels * this.scale) / this.height];
    }

    at([x, y]) {
      return [x * this.width, y * this.height];
    }

    // zones: {corners, kind, name, key}; active: the one that is changed, with closed and chosen (a corner's number).
    show(zones, active) {
      const focused = document.activeElement?.dataset?.corner;
      this.svg.classList.toggle("busy", Boolean(active));
      this.svg.replaceChildren(...zones.flatMap((zone) => this.zone(zone, active)), ...(active ? this.handles(active) : []));
      if (focused !== undefined && active) this.focus(Math.min(Number(focused), active.corners.length - 1));
    }

    focus(number) {
      this.svg.querySelector(`[data-corner="${number}"]`)?.focus({ preventScroll: true });
    }

    zone(zone, active) {
      if (!zone.corners.length) return [];
      const open = zone === active && !zone.closed;
      const points = zone.corners.map((one) => this.at(one).join(",")).join(" ");
      const classes = ["zone-shape", `zone-${zone.kind}`, open && "open", active && zone !== active && "aside"];
      const kind = open ? "polyline" : "polygon";
      const [x, y] = this.at(shapes.centre(zone.corners));
      const name = make("text", { class: "zone-name", x, y, "font-size": LETTERS * this.scale, "stroke-width": 4 * this.scale });
      name.textContent = open ? "" : zone.name;
      return [
        make(kind, { class: "zone-halo", points }),
        make(kind, { class: classes.filter(Boolean).join(" "), points, "data-shape": zone.key }),
        name,
      ];
    }

    handles(zone) {
      const middles = zone.closed ? shapes.middles(zone.corners) : [];
      return [
        ...this.towardsPointer(zone),
        ...middles.map((one) => this.middle(one)),
        ...zone.corners.map((one, number) => this.corner(zone, one, number)),
      ];
    }

    towardsPointer(zone) {
      if (zone.closed || !this.pointer || !zone.corners.length) return [];
      const points = [zone.corners[zone.corners.length - 1], this.pointer].map((one) => this.at(one).join(",")).join(" ");
      return [make("polyline", { class: "zone-line", points })];
    }

    middle(place) {
      const [cx, cy] = this.at(place);
      return make("circle", { class: "zone-middle", cx, cy, r: MIDDLE * this.scale });
    }

    corner(zone, place, number) {
      const [cx, cy] = this.at(place);
      const [left, top] = place.map((share) => Math.round(share * 100));
      const classes = ["zone-corner", number === zone.chosen && "chosen", !number && !zone.closed && "first"];
      return make(
        "g",
        {
          class: classes.filter(Boolean).join(" "),
          tabindex: 0,
          role: "button",
          "data-corner": number,
          "aria-label": `Corner ${number + 1} of ${zone.corners.length} of ${zone.name}: ${left}% from the left, ${top}% from the top`,
        },
        make("circle", { class: "reach", cx, cy, r: REACH * this.scale }),
        make("circle", { cx, cy, r: CORNER * this.scale }),
      );
    }
  };
})();
