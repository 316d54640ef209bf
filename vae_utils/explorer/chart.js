/* What is written and drawn over the dots of the latent plane, as vector graphics:
   sharp at any zoom, and in the colours of the theme without being drawn anew. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { draw, write } = book.elements;
  const CIRCLES = [0.5, 0.95]; // shares of the prior inside
  const LABEL = 10; // radius of a class label, in pixels
  const CROSS = 14; // reach of the cross that marks a code without a width
  const FAR = 1.2; // radii that a label may move without a line to its place

  function drawLine(x1, y1, x2, y2, name) {
    return draw("line", { x1, y1, x2, y2, class: name });
  }

  function drawText(text, x, y, name = "vx-name") {
    return draw("text", { x, y, class: name }, text);
  }

  /* Draws the two axes, with a few numbers that say how far the plane reaches. */
  function drawAxes(scale) {
    const { size, middle, half } = scale;
    const inside = (value) => Math.max(10, Math.min(size - 10, value));
    const [x0, y0] = [scale.x(0), scale.y(0)];
    const step = book.roundStep(0.8 * half);
    const parts = [
      drawLine(x0, 0, x0, size, "vx-axis"),
      drawLine(0, y0, size, y0, "vx-axis"),
      drawText("z₁", size - 12, inside(y0 - 10)),
      drawText("z₂", inside(x0 + 12), 12),
    ];
    for (const axis of [0, 1]) {
      const first = Math.ceil((middle[axis] - 0.85 * half) / step) * step;
      for (let v = first; v <= middle[axis] + 0.85 * half; v += step) {
        if (Math.abs(v) < step / 2) continue;
        const text = write(v, step < 1 ? 1 : 0);
        if (axis === 0) parts.push(drawText(text, scale.x(v), inside(y0 + 11)));
        else parts.push(drawText(text, inside(x0 - 12), scale.y(v)));
      }
    }
    return parts;
  }

  /* Draws the circles that hold 50 % and 95 % of the prior. */
  function drawCircles(scale) {
    return CIRCLES.flatMap((share) => {
      const radius = scale.length(Math.sqrt(-2 * Math.log(1 - share)));
      const [cx, cy] = [scale.x(0), scale.y(0)];
      const shift = 0.71 * radius;
      return [
        draw("circle", { cx, cy, r: radius, class: "vx-circle" }),
        drawText(`${100 * share} %`, cx - shift, cy - shift),
      ];
    });
  }

  /* Draws the name of each class near the median of its codes. */
  function drawClasses(model, scale) {
    const anchors = book.findMedians(model).map(([x, y]) => [scale.x(x), scale.y(y)]);
    const places = book.placeLabels(anchors, LABEL, scale.size);
    const far = (i) =>
      Math.hypot(places[i][0] - anchors[i][0], places[i][1] - anchors[i][1]) >
      FAR * LABEL;
    const leaders = places.flatMap(([x, y], i) => {
      if (!far(i)) return [];
      const [cx, cy] = anchors[i];
      return [
        drawLine(x, y, cx, cy, "vx-leader"),
        draw("circle", { cx, cy, r: 2.5, class: "vx-anchor" }),
      ];
    });
    const discs = places.flatMap(([cx, cy], digit) => {
      const style = `stroke: ${book.classColours[digit]}`;
      return [
        draw("circle", { cx, cy, r: LABEL, class: "vx-disc", style }),
        drawText(digit, cx, cy, "vx-digit"),
      ];
    });
    return [...leaders, ...discs];
  }

  /* Draws all that does not move with the point. */
  function drawChart(model, scale) {
    return [
      ...drawAxes(scale),
      ...(model.variational ? drawCircles(scale) : []),
      ...(model.labelled ? [] : drawClasses(model, scale)),
    ];
  }

  /* Draws ellipses of one and two standard deviations; a cross where the code is a
     point. `kind` is the class of the lines. */
  function drawPosterior({ mean, logVar }, scale, kind) {
    const [cx, cy] = [scale.x(mean[0]), scale.y(mean[1])];
    if (!logVar) {
      return [
        drawLine(cx - CROSS, cy, cx + CROSS, cy, kind),
        drawLine(cx, cy - CROSS, cx, cy + CROSS, kind),
      ];
    }
    return [1, 2].map((deviations) => {
      const radius = (v) => scale.length(deviations * Math.exp(v / 2));
      const [rx, ry] = Array.from(logVar, radius);
      return draw("ellipse", { cx, cy, rx, ry, class: kind });
    });
  }

  Object.assign(book, { draw, drawChart, drawPosterior });
})();
