/* The map: codes of held-out examples in two dimensions of latent space, the prior's
   circles, the aggregate posterior along the edges, and one example to look at. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { draw, make, sharpen, write } = window.VAEBook.elements;
  const SIZE = 360; // of the drawing, in its own units
  const EDGE = 44; // of which the densities along the edges take so much
  const PLANE = SIZE - EDGE;
  const CIRCLES = [0.5, 0.95]; // shares of the prior inside
  const RADIUS = 2.4; // of a dot
  const NEAR = 24; // the pointer's reach

  /* Makes the map; `chosen` is called with the number of an example, or null. */
  function makeMap(chosen) {
    const canvas = make("canvas", { class: "vp-dots" });
    const lines = draw("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "vp-lines" });
    const node = make(
      "div",
      {
        class: "vp-map",
        tabindex: 0,
        role: "img",
        "aria-label": "Map of latent space",
      },
      canvas,
      lines,
    );
    const map = { node, canvas, lines, run: null, places: [], example: null };
    map.show = (run) => showMap(map, run);
    map.choose = (example) => {
      map.example = example;
      if (map.run?.snapshot) drawLines(map);
      chosen(example);
    };
    listen(map);
    return map;
  }

  function showMap(map, run) {
    map.run = run;
    map.frame = run.frame;
    map.places = placeCodes(run, map.frame);
    paintDots(map);
    drawLines(map);
  }

  /* Places codes in the drawing: [x, y] of each. A single dimension gets a row for each
     class. */
  function placeCodes({ data, settings, snapshot }, { axes, middle, half }) {
    const { latentDim } = settings;
    const { means, count } = snapshot.codes;
    const rows = data.classes.length;
    return Array.from({ length: count }, (_, i) => {
      const at = (axis) => means[i * latentDim + axis];
      const x = ((at(axes[0]) - middle[0]) / half + 1) / 2;
      const y =
        axes[1] === null
          ? (data.heldOut.labels[i] + 0.2 + 0.6 * ((i * 0.618) % 1)) / rows
          : (1 - (at(axes[1]) - middle[1]) / half) / 2;
      return [x * PLANE, EDGE + y * PLANE];
    });
  }

  function paintDots({ canvas, places, run }) {
    const factor = sharpen(canvas, SIZE);
    const pen = canvas.getContext("2d");
    pen.scale(factor, factor);
    pen.beginPath();
    pen.rect(0, EDGE, PLANE, PLANE);
    pen.clip();
    pen.globalAlpha = 0.8;
    places.forEach(([x, y], i) => {
      pen.fillStyle =
        P.classColours[run.data.heldOut.labels[i] % P.classColours.length];
      pen.beginPath();
      pen.arc(x, y, RADIUS, 0, 2 * Math.PI);
      pen.fill();
    });
  }

  function drawLines(map) {
    const { axes } = map.frame;
    const isVae = map.run.settings.mode === "vae";
    map.lines.replaceChildren(
      draw("rect", {
        x: 0, y: EDGE, width: PLANE, height: PLANE, class: "vp-border",
      }), // prettier-ignore
      ...drawAxes(map.frame),
      ...(isVae && axes[1] !== null ? drawCircles(map.frame) : []),
      ...P.drawDensities(map.run, map.frame, { plane: PLANE, edge: EDGE }),
      ...drawExample(map),
    );
  }

  const scaleOf = ({ middle, half }) => ({
    x: (value) => (((value - middle[0]) / half + 1) / 2) * PLANE,
    y: (value) => EDGE + ((1 - (value - middle[1]) / half) / 2) * PLANE,
    length: (value) => (value / half / 2) * PLANE,
  });

  /* Names the axes, and how far they reach. */
  function drawAxes({ axes, middle, half }) {
    const text = (words, x, y, anchor) =>
      draw("text", { x, y, "text-anchor": anchor }, words);
    const name = (axis) => `z${P.subscript(axis + 1)}`;
    const decimals = half < 1 ? 2 : half < 10 ? 1 : 0;
    const [left, right] = [middle[0] - half, middle[0] + half];
    const base = SIZE - 5;
    const across = [
      text(write(left, decimals), 4, base, "start"),
      text(name(axes[0]), PLANE / 2, base, "middle"),
      text(write(right, decimals), PLANE - 4, base, "end"),
    ];
    if (axes[1] === null) return across;
    return [
      ...across,
      text(name(axes[1]), 5, EDGE + PLANE / 2, "start"),
      text(write(middle[1] + half, decimals), 5, EDGE + 14, "start"),
    ];
  }

  function drawCircles(frame) {
    const scale = scaleOf(frame);
    return CIRCLES.map((share) =>
      draw("circle", {
        cx: scale.x(0),
        cy: scale.y(0),
        r: scale.length(Math.sqrt(-2 * Math.log(1 - share))),
        class: "vp-circle",
        "clip-path": `inset(0)`,
      }),
    );
  }

  /* Draws the posterior of the chosen example: ellipses of one and two standard
     deviations, or a cross where a code is a point. */
  function drawExample({ example, frame, places, run }) {
    if (example === null || !places[example]) return [];
    const { logVars } = run.snapshot.codes;
    const [cx, cy] = places[example];
    const dot = draw("circle", { cx, cy, r: 5, class: "vp-chosen" });
    if (!logVars) return [dot];
    const scale = scaleOf(frame);
    const radius = (axis, times) =>
      axis === null
        ? 6
        : scale.length(
            times * Math.exp(logVars[example * run.settings.latentDim + axis] / 2),
          );
    const ellipses = [1, 2].map((times) => {
      const [rx, ry] = frame.axes.map((axis) => radius(axis, times));
      return draw("ellipse", { cx, cy, rx, ry, class: "vp-ellipse" });
    });
    return [...ellipses, dot];
  }

  /* Chooses by pointer the nearest example, by arrow keys the next or the last one. */
  function listen(map) {
    const { node } = map;
    const point = (event) => {
      const box = node.getBoundingClientRect();
      const scale = SIZE / box.width;
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      map.choose(findNearest(map.places, x * scale, y * scale));
    };
    node.addEventListener("pointermove", point);
    node.addEventListener("pointerdown", point);
    node.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") map.choose(null);
    });
    node.addEventListener("keydown", (event) => {
      const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[
        event.key
      ];
      if (!move || !map.places.length) return;
      event.preventDefault();
      const from = map.example ?? (move > 0 ? -1 : 0);
      map.choose((from + move + map.places.length) % map.places.length);
    });
  }

  function findNearest(places, x, y) {
    let [best, least] = [null, NEAR ** 2];
    places.forEach(([px, py], i) => {
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) [best, least] = [i, distance];
    });
    return best;
  }

  const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
  const subscript = (number) =>
    String(number).replace(/\d/g, (digit) => SUBSCRIPTS[Number(digit)]);

  Object.assign(P, { makeMap, subscript });
})();
