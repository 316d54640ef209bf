/* Films of codes: a point moves from its place in one frame to that in the next. */
(function () {
  "use strict";

  const { INK, makeCanvas } = window.VAEBook.film;
  const { make } = window.VAEBook.elements;
  // As in packing.py.
  const LEVELS = 256;
  const REACH = 1.04;
  const GOLDEN = 0.6180339887498949;
  const FEW = 800; // points up to which they are drawn larger
  const NARROW = 220; // pixels of a map whose names are written closer
  const ROUNDS = 12; // in which names that overlap are moved apart
  const SMALLEST = 1.3; // radius of a point, pixels

  /* Undoes pack_codes: returns places in [−limit, limit], (2, n, frames), NaN outside. */
  function unpackCodes(text, frames, limit) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const places = new Float32Array(bytes.length);
    const count = bytes.length / frames / 2;
    const step = (2 * REACH * limit) / LEVELS;
    for (let row = 0; row < 2 * count; row++) {
      const index = row < count ? 2 * row : 2 * (row - count) + 1;
      const shift = (index * GOLDEN) % 1;
      let place = 0;
      for (let i = row * frames; i < (row + 1) * frames; i++) {
        place = (place + bytes[i]) % LEVELS;
        const outside = place === 0 || place === LEVELS - 1;
        places[i] = outside ? NaN : (place - shift + 0.5) * step - REACH * limit;
      }
    }
    return places;
  }

  /* Returns the places of all points at a time between two frames, [x, y] each. */
  function placesAt(places, frames, time) {
    const first = Math.floor(time);
    const [next, share] = [Math.min(first + 1, frames - 1), time - first];
    const count = places.length / frames / 2;
    const at = (row) =>
      places[row * frames + first] * (1 - share) + places[row * frames + next] * share;
    return Array.from({ length: count }, (_, i) => [at(i), at(i + count)]);
  }

  /* Draws all points of one class in one go. */
  function drawPoints(pen, points, colour, radius) {
    pen.fillStyle = colour;
    pen.beginPath();
    for (const [x, y] of points) {
      if (Number.isNaN(x + y)) continue;
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    }
    pen.fill();
  }

  /* Makes the box of a name around the mean of its points; none without points. */
  function boxName(pen, name, points, colour, room) {
    if (!points.length) return [];
    const mean = (axis) => points.reduce((sum, p) => sum + p[axis], 0) / points.length;
    const [width, height] = [pen.measureText(name).width + room, 10 + room];
    return [{ name, colour, width, height, x: mean(0), y: mean(1) }];
  }

  /* Moves boxes that overlap apart, along the shorter way, and keeps them inside. */
  function separate(boxes, area) {
    const keep = (value, low, high) => Math.max(low, Math.min(high, value));
    for (let round = 0; round < ROUNDS; round++) {
      boxes.forEach((one, i) => {
        for (const other of boxes.slice(i + 1)) pushApart(one, other);
      });
      for (const box of boxes) {
        const [w, h] = [box.width / 2, box.height / 2];
        box.x = keep(box.x, area.left + w, area.left + area.width - w);
        box.y = keep(box.y, area.top + h, area.top + area.height - h);
      }
    }
  }

  function pushApart(one, other) {
    const [dx, dy] = [other.x - one.x, other.y - one.y];
    const x = (one.width + other.width) / 2 - Math.abs(dx);
    const y = (one.height + other.height) / 2 - Math.abs(dy);
    if (x <= 0 || y <= 0) return;
    const [axis, way] = x < y ? ["x", dx < 0 ? -x : x] : ["y", dy < 0 ? -y : y];
    one[axis] -= way / 2;
    other[axis] += way / 2;
  }

  function drawName(pen, { name, colour, width, height, x, y }) {
    pen.fillStyle = "#ffffff";
    pen.strokeStyle = colour;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.roundRect(x - width / 2, y - height / 2, width, height, 3);
    pen.fill();
    pen.stroke();
    pen.fillStyle = INK;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(name, x, y + 1);
  }

  /* Draws one map at a time between two frames. */
  function drawMap(pen, box, film, places, time) {
    const { limit, labels, colours, names, titles } = film;
    const toPage = ([x, y]) => [
      box.left + ((x / limit + 1) / 2) * box.width,
      box.top + ((1 - y / limit) / 2) * box.height,
    ];
    const inside = ([x, y]) => Math.abs(x) <= limit && Math.abs(y) <= limit;
    const classes = colours.map(() => []);
    placesAt(places, titles.length, time).forEach((place, i) => {
      if (inside(place)) classes[labels[i]].push(toPage(place));
    });
    const share = labels.length > FEW ? 0.0037 : 0.006;
    const radius = Math.max(SMALLEST, share * box.width);
    classes.forEach((points, i) => drawPoints(pen, points, colours[i], radius));
    const room = box.width < NARROW ? 4 : 8; // around a name
    const boxes = Object.entries(names).flatMap(([i, name]) =>
      boxName(pen, name, classes[i], colours[i], room),
    );
    separate(boxes, box);
    for (const each of boxes) drawName(pen, each);
  }

  /* Makes the maps of a film, side by side; `show` draws them at a time. */
  function makeScatter(film) {
    let time = film.titles.length - 1;
    const maps = film.panels.map(({ name, codes }) => {
      const places = unpackCodes(codes, film.titles.length, film.limit);
      const paint = (pen, box) => drawMap(pen, box, film, places, time);
      const alt = name ? `${name}: ${film.alt}` : film.alt;
      return { name, ...makeCanvas(alt, film, paint) };
    });
    const nodes = maps.map(({ name, canvas }) =>
      make("div", {}, ...(name ? [make("p", {}, name)] : []), canvas),
    );
    const show = (moment) => {
      time = moment;
      for (const map of maps) map.repaint();
    };
    return { nodes, show };
  }

  Object.assign(window.VAEBook.film, { makeScatter, placesAt, separate, unpackCodes });
})();
