/* Labels of classes on the latent plane, pushed apart until none hides another. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const ROUNDS = 400;
  const PULL = 0.05; // share of the way back to the anchor in each round
  const GAP = 2; // pixels between two labels

  /* Returns the median code of each of the ten classes. */
  function findMedians(model) {
    return Array.from({ length: 10 }, (_, digit) =>
      [0, 1].map((axis) => {
        const values = [];
        model.labels.forEach((label, i) => {
          if (label === digit) values.push(model.codes[2 * i + axis]);
        });
        return values.sort((a, b) => a - b)[values.length >> 1];
      }),
    );
  }

  /* Pushes two labels apart if they are nearer than `least`. */
  function separate(one, other, least) {
    const dx = other[0] - one[0];
    const dy = other[1] - one[1];
    if (dx >= least || -dx >= least || dy >= least || -dy >= least) return;
    const distance = Math.hypot(dx, dy) || 1e-6;
    if (distance >= least) return;
    const push = (least - distance) / 2 / distance;
    one[0] -= push * dx;
    one[1] -= push * dy;
    other[0] += push * dx;
    other[1] += push * dy;
  }

  /* Places discs of a radius near their anchors, all in a square of so many pixels. */
  function placeLabels(anchors, radius, size) {
    // Equal anchors start a little apart, each in a direction of its own.
    const places = anchors.map(([x, y], i) => [x + Math.cos(i), y + Math.sin(i)]);
    const inside = (v) => Math.max(radius + 1, Math.min(size - radius - 1, v));
    for (let round = 0; round < ROUNDS; round++) {
      const pull = round < ROUNDS / 2 ? PULL : 0; // at last they only make room
      places.forEach((place, i) => {
        place[0] += pull * (anchors[i][0] - place[0]);
        place[1] += pull * (anchors[i][1] - place[1]);
        for (let j = i + 1; j < places.length; j++)
          separate(place, places[j], 2 * radius + GAP);
      });
      for (const place of places) {
        place[0] = inside(place[0]);
        place[1] = inside(place[1]);
      }
    }
    return places;
  }

  Object.assign(book, { findMedians, placeLabels });
})();
