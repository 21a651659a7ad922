// What is being done to a zone: its corners with every step back. What shows it and what is pressed is elsewhere.
"use strict";

(() => {
  const IDLE = "Draw a zone, or press a zone to change its shape.";
  const OPEN = "Press the picture for each corner; press the first corner again to close the shape.";
  const CLOSED = "Drag corners, or a dot between two for a new one. Arrow keys move a corner, Delete removes it.";
  const shapes = librarian.zoneShapes;

  // show is called after every change; say gets a sentence for the person.
  librarian.ZoneEditor = class {
    constructor(zones, most, show, say) {
      Object.assign(this, { zones, most, show, say, active: null, before: null, steps: [], changed: false });
    }

    get tooFew() {
      return this.active.corners.length < 3;
    }

    get full() {
      return this.active.corners.length >= this.most;
    }

    get mayRemove() {
      return this.active.chosen >= 0 && (!this.active.closed || this.active.corners.length > 3);
    }

    begin(zone) {
      if (this.active === zone || (this.active && !this.finish())) return;
      this.active = zone;
      [this.before, this.steps] = [zone.state, []];
      zone.chosen = -1;
      this.say(zone.closed ? CLOSED : OPEN);
      this.show();
    }

    // Whether the shape is one.
    finish() {
      if (this.tooFew) {
        this.say("A zone has at least three corners. Add some, or cancel.");
        return false;
      }
      const fresh = !this.active.closed;
      this.active.closed = true;
      this.active = null;
      this.say(fresh ? "Give the zone a name, say what it is for, and save." : IDLE);
      this.show();
      return true;
    }

    cancel() {
      if (this.active.isNew && !this.before.corners.length) this.active.discard();
      else this.active.state = this.before;
      this.active = null;
      this.say(IDLE);
      this.show();
    }

    // make changes the state that it is given; was is the one to come back to.
    change(make, was = this.active.state) {
      this.steps.push(was);
      this.changed = true;
      const state = this.active.state;
      make(state);
      this.active.state = state;
      this.show();
    }

    undo() {
      if (!this.steps.length) return;
      this.active.state = this.steps.pop();
      this.say(this.active.closed ? CLOSED : OPEN);
      this.show();
    }

    // Add a corner without pointing.
    add() {
      const { corners, closed, chosen } = this.active;
      const at = chosen < 0 ? corners.length - 1 : chosen;
      this.change((state) => {
        state.chosen = closed ? at + 1 : corners.length;
        state.corners.splice(state.chosen, 0, shapes.next(corners, at, closed));
      });
    }

    remove() {
      if (!this.mayRemove) {
        this.say("A zone has at least three corners. “Remove” beside its name takes it away as a whole.");
        return;
      }
      this.change((state) => {
        state.corners.splice(state.chosen, 1);
        state.chosen = Math.min(state.chosen, state.corners.length - 1);
      });
    }

    // Put a corner, or a new one, somewhere, without a step back of its own.
    put(number, place, isNew = false) {
      const state = this.active.state;
      state.corners.splice(number, isNew ? 0 : 1, place);
      this.active.state = state;
    }
  };
})();
