// Shapes of zones: corners as shares of the picture's width and height, and what is done with them.
"use strict";

(() => {
  const FINE = 10000;

  const within = (share) => Math.min(Math.max(share, 0), 1);
  const rounded = (share) => Math.round(share * FINE) / FINE;
  const between = ([x1, y1], [x2, y2]) => [rounded((x1 + x2) / 2), rounded((y1 + y2) / 2)];

  librarian.zoneShapes = {
    // A corner inside the picture; one that is nearly at its edge goes there, for things that the edge cuts count too.
    corner([x, y], [nearX, nearY] = [0, 0]) {
      const drawn = (share, near) => (share < near ? 0 : share > 1 - near ? 1 : rounded(within(share)));
      return [drawn(x, nearX), drawn(y, nearY)];
    },

    // Where new corners of a closed shape would be: the middle of each side.
    middles: (corners) => corners.map((one, at) => between(one, corners[(at + 1) % corners.length])),

    // Where a corner is added without pointing: in the middle of the picture, beside the last one, or between two.
    next(corners, at, closed) {
      if (!corners.length) return [0.5, 0.5];
      if (closed) return between(corners[at], corners[(at + 1) % corners.length]);
      const [x, y] = corners[corners.length - 1];
      const steps = [[0.2, 0], [0, 0.2], [-0.2, 0], [0, -0.2]];
      const [dx, dy] = steps[(corners.length - 1) % steps.length];
      return [rounded(within(x + dx)), rounded(within(y + dy))];
    },

    centre(corners) {
      const sum = corners.reduce(([x, y], [dx, dy]) => [x + dx, y + dy], [0, 0]);
      return sum.map((share) => share / corners.length);
    },

    read(text) {
      try {
        const found = JSON.parse(text || "[]");
        return Array.isArray(found) ? found : [];
      } catch {
        return []; // what was sent back with an error may be anything; the page says so beside it
      }
    },
  };
})();
