// Mouse, finger and pen on the picture: what they press, drag and close.
"use strict";

(() => {
  const MOUSE_REACH = 12;
  const FINGER_REACH = 22;
  const MOVED = 4;
  const NEAR_EDGE = 9;
  const shapes = librarian.zoneShapes;

  function nearest(places, [x, y], [reachX, reachY]) {
    const far = places.map(([ox, oy]) => Math.hypot((ox - x) / reachX, (oy - y) / reachY));
    const least = Math.min(...far, Infinity);
    return least <= 1 ? far.indexOf(least) : -1;
  }

  librarian.ZonePointing = class {
    constructor(editor, drawing) {
      Object.assign(this, { editor, drawing, drag: null });
      const svg = drawing.svg;
      for (const kind of ["down", "move", "up", "cancel", "leave"]) {
        svg.addEventListener(`pointer${kind}`, (event) => editor.active && event.isPrimary && this[kind](event));
      }
      svg.addEventListener("click", (event) => {
        const zone = this.zoneAt(event);
        if (!editor.active && zone) editor.begin(zone);
      });
    }

    zoneAt(event) {
      return this.editor.zones.find((one) => one.key === event.target.dataset.shape);
    }

    // The number of the corner that is pressed, or made by pressing there; -1 where there is nothing to press.
    pressed(event) {
      const { active, full } = this.editor;
      const place = this.drawing.place(event);
      const reach = this.drawing.far(event.pointerType === "mouse" ? MOUSE_REACH : FINGER_REACH);
      const known = nearest(active.corners, place, reach);
      if (known >= 0) return known;
      const before = active.closed ? nearest(shapes.middles(active.corners), place, reach) : active.corners.length - 1;
      if (active.closed && before < 0) return -1;
      if (full) {
        this.editor.say(`A zone has at most ${this.editor.most} corners.`);
        return -1;
      }
      this.editor.put(before + 1, shapes.corner(place, this.drawing.far(NEAR_EDGE)), true);
      return before + 1;
    }

    down(event) {
      if (event.button) return;
      event.preventDefault();
      const { editor, drawing } = this;
      drawing.svg.setPointerCapture(event.pointerId);
      const was = editor.active.state;
      const number = this.pressed(event);
      if (number < 0) {
        const other = this.zoneAt(event);
        if (other && editor.active.closed) editor.begin(other);
        return;
      }
      const { corners, closed } = editor.active;
      const closes = !closed && number === 0 && was.corners.length > 2;
      editor.active.chosen = number;
      this.drag = { number, was, closes, moved: corners.length > was.corners.length, from: [event.clientX, event.clientY] };
      editor.show();
    }

    move(event) {
      const { drag, drawing, editor } = this;
      if (drag) {
        const [x, y] = drag.from;
        drag.moved ||= Math.hypot(event.clientX - x, event.clientY - y) > MOVED;
        if (drag.moved) editor.put(drag.number, shapes.corner(drawing.place(event), drawing.far(NEAR_EDGE)));
      }
      drawing.pointer = !drag && event.pointerType === "mouse" ? drawing.place(event) : null;
      if (drag?.moved || drawing.pointer) editor.show();
    }

    up() {
      const { drag, editor } = this;
      this.drag = null;
      if (!drag) return;
      if (drag.closes && !drag.moved) {
        editor.finish();
        return;
      }
      if (drag.moved) editor.change(() => {}, drag.was);
      this.drawing.focus(drag.number);
    }

    cancel() {
      if (this.drag) this.editor.active.state = this.drag.was;
      this.drag = null;
      this.editor.show();
    }

    leave() {
      this.drawing.pointer = null;
      if (!this.drag) this.editor.show();
    }
  };
})();
