/* The ground of the latent plane: which part of it is shown, and the codes as dots. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const NARROWEST = 3; // least distance of the edge from the prior's mean
  const INSIDE = 0.985; // share of the codes that the map has room for
  const MARGIN = 1.06;

  /* Returns the value below which a share of the sorted values lies. */
  const quantile = (sorted, share) => sorted[Math.floor(share * (sorted.length - 1))];

  function sortAxis(model, axis) {
    return model.codes.filter((_, i) => i % 2 === axis).sort();
  }

  /* Finds the square that the map shows. It lies around the prior's mean; without a
     prior, around the codes. A few codes far out do not shrink the rest. */
  function findFrame(model) {
    const middle = [0, 1].map((axis) => {
      if (model.variational) return 0;
      const sorted = sortAxis(model, axis);
      return (quantile(sorted, 0.01) + quantile(sorted, 0.99)) / 2;
    });
    const reach = Float64Array.from(model.labels, (_, i) =>
      Math.max(
        ...middle.map((value, axis) => Math.abs(model.codes[2 * i + axis] - value)),
      ),
    ).sort();
    const least = model.variational ? NARROWEST : 0;
    return { middle, half: Math.max(least, MARGIN * quantile(reach, INSIDE)) };
  }

  /* Turns codes into pixels of a square of so many pixels, and back. */
  function makeScale(size, { middle, half }) {
    return {
      size,
      half,
      middle,
      x: (value) => (((value - middle[0]) / half + 1) / 2) * size,
      y: (value) => ((1 - (value - middle[1]) / half) / 2) * size,
      length: (value) => (value / half / 2) * size,
      at: (x, y) => [
        middle[0] + ((2 * x) / size - 1) * half,
        middle[1] + (1 - (2 * y) / size) * half,
      ],
      clamp: (z) =>
        z.map((v, i) => Math.max(middle[i] - half, Math.min(middle[i] + half, v))),
    };
  }

  /* Paints the codes of test images, in the colours of their classes. */
  function paintCodes(canvas, model, scale) {
    const factor = book.elements.sharpen(canvas, scale.size);
    const pen = canvas.getContext("2d");
    pen.scale(factor, factor);
    const radius = Math.max(2.2, scale.size / 150);
    pen.globalAlpha = 0.85;
    model.labels.forEach((label, i) => {
      pen.fillStyle = book.classColours[label];
      pen.beginPath();
      const [x, y] = [scale.x(model.codes[2 * i]), scale.y(model.codes[2 * i + 1])];
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.fill();
    });
  }

  /* Rounds down to 1, 2 or 5 times a power of ten. */
  function roundStep(step) {
    const power = 10 ** Math.floor(Math.log10(step));
    return power * [1, 2, 5].filter((digit) => digit * power <= step).pop();
  }

  Object.assign(book, { findFrame, makeScale, paintCodes, roundStep });
})();
