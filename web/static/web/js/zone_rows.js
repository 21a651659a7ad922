// The forms of zones, one beside the picture for each: what the drawing reads from them and writes into them.
"use strict";

(() => {
  const shapes = librarian.zoneShapes;
  let made = 0;

  librarian.ZoneRow = class {
    constructor(row, isNew = false) {
      this.row = row;
      this.isNew = isNew;
      this.key = String(made++);
      this.input = row.querySelector("[data-points]");
      this.corners = shapes.read(this.input.value);
      this.closed = !isNew;
      this.chosen = -1;
    }

    field(name) {
      return this.row.querySelector(`[name$="-${name}"]`);
    }

    get name() {
      return this.field("name").value.trim() || "New zone";
    }

    get kind() {
      return this.field("kind").value;
    }

    get removed() {
      return this.field("DELETE").checked;
    }

    get state() {
      return { corners: this.corners.map((one) => [...one]), closed: this.closed, chosen: this.chosen };
    }

    set state(state) {
      Object.assign(this, state);
      this.input.value = this.corners.length ? JSON.stringify(this.corners) : "";
    }

    // What was drawn and not saved is left out: the server passes over new rows that are to be removed.
    discard() {
      this.field("DELETE").checked = true;
      this.row.hidden = true;
    }
  };

  // A row for a new zone at the end of the form, with a name that no other has.
  librarian.newZoneRow = (form, names) => {
    const total = form.elements["zones-TOTAL_FORMS"];
    const row = document.getElementById("zone-row").content.firstElementChild.cloneNode(true);
    for (const element of row.querySelectorAll("*")) {
      for (const { name, value } of [...element.attributes]) {
        if (value.includes("__prefix__")) element.setAttribute(name, value.replace("__prefix__", total.value));
      }
    }
    total.value = Number(total.value) + 1;
    form.querySelector("[data-rows]").append(row);
    let number = 1;
    while (names.includes(`Zone ${number}`)) number += 1;
    const zone = new librarian.ZoneRow(row, true);
    zone.field("name").value = `Zone ${number}`;
    return zone;
  };
})();
