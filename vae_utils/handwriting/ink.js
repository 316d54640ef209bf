/* Turns images of 28 × 28 into ink: enlarged smoothly, with edges as a pen leaves them. */
(function () {
  "use strict";

  const SIDE = 28;
  const LEVEL = 0.37; // share of an image's darkest place from which on there is ink
  const LEAST = 0.3; // darkest place that counts, so that a trace of grey stays pale
  const SOFTNESS = 0.18; // of the same share, within which ink fades
  const scratch = document.createElement("canvas");
  const context = scratch.getContext("2d", { willReadFrequently: true });

  /* Weights of the four pixels around each enlarged one, of a cubic B-spline. */
  function makeTaps(size) {
    return Array.from({ length: size }, (_, i) => {
      const place = ((i + 0.5) * SIDE) / size - 0.5;
      const first = Math.floor(place);
      const t = place - first;
      const weights = [
        (1 - t) ** 3 / 6,
        (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
        (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
        t ** 3 / 6,
      ];
      const pixels = [-1, 0, 1, 2].map((step) =>
        Math.max(0, Math.min(SIDE - 1, first + step)),
      );
      return { weights, pixels };
    });
  }

  /* Enlarges an image of 28 × 28 to size × size. */
  function enlarge(image, size) {
    const taps = (enlarge.taps[size] ??= makeTaps(size));
    const wide = new Float32Array(SIDE * size);
    const large = new Float32Array(size * size);
    for (let x = 0; x < size; x++) {
      const [{ weights: w, pixels: p }, at] = [taps[x], x];
      for (let row = 0, from = 0; row < SIDE; row++, from += SIDE) {
        wide[row * size + at] =
          w[0] * image[from + p[0]] + w[1] * image[from + p[1]] +
          w[2] * image[from + p[2]] + w[3] * image[from + p[3]]; // prettier-ignore
      }
    }
    for (let y = 0; y < size; y++) {
      const { weights: w, pixels } = taps[y];
      const [a, b, c, d] = pixels.map((row) => row * size);
      for (let x = 0, to = y * size; x < size; x++, to++) {
        large[to] =
          w[0] * wide[a + x] + w[1] * wide[b + x] + w[2] * wide[c + x] + w[3] * wide[d + x];
      }
    }
    return large;
  }
  enlarge.taps = {};

  /* Turns enlarged values into coverage by ink, from 0 to 1, in place. */
  function sharpenEdges(values) {
    let darkest = LEAST;
    for (const value of values) if (value > darkest) darkest = value;
    const low = (LEVEL - SOFTNESS) * darkest;
    const range = 2 * SOFTNESS * darkest;
    const strength = Math.min(1, 0.35 + 0.8 * darkest); // doubtful strokes are paler
    for (let i = 0; i < values.length; i++) {
      const t = Math.max(0, Math.min(1, (values[i] - low) / range));
      values[i] = strength * t * t * (3 - 2 * t);
    }
    return values;
  }

  /* Paints an image as ink of a colour, [red, green, blue], into a square; with a
     coarseness above 1 in less time. */
  function paintInk(pen, image, colour, x, y, size, coarseness = 1) {
    const side = Math.max(SIDE, Math.round(size / coarseness));
    const ink = sharpenEdges(enlarge(image, side));
    scratch.width = scratch.height = side;
    const data = context.createImageData(side, side);
    for (let i = 0, at = 0; i < ink.length; i++, at += 4) {
      data.data[at] = colour[0];
      data.data[at + 1] = colour[1];
      data.data[at + 2] = colour[2];
      data.data[at + 3] = 255 * ink[i];
    }
    context.putImageData(data, 0, 0);
    pen.drawImage(scratch, x, y, size, size);
  }

  /* Paints what is white on a pad as ink of a colour into a square. */
  function paintPad(pen, pad, colour, x, y, size) {
    const side = Math.round(size);
    scratch.width = scratch.height = side;
    context.imageSmoothingQuality = "high";
    context.drawImage(pad, 0, 0, side, side);
    const data = context.getImageData(0, 0, side, side);
    for (let at = 0; at < data.data.length; at += 4) {
      const coverage = data.data[at];
      data.data.set([...colour, coverage], at);
    }
    context.putImageData(data, 0, 0);
    pen.drawImage(scratch, x, y, size, size);
  }

  (window.VAEBook ??= {}).ink = { paintInk, paintPad };
})();
