/* Which part of latent space the map shows, and along which two dimensions. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const NARROWEST = 3; // standard deviations of the prior
  const INSIDE = 0.985; // share of the codes that the map has room for
  const LOOSE = 1.6; // times what is needed, up to which a frame that was there stays
  const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8]; // times a power of ten: few, so it seldom jumps

  /* Rounds up to a step, so that the frame stands still while codes move a little. */
  function roundUp(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    const step = [...STEPS, 10].find((each) => each * power >= value);
    return step * power;
  }

  /* Chooses the dimensions that carry most, in their order: by KL, or by the variance of
     an autoencoder's codes. Of one dimension, the second is null. */
  function chooseAxes(run) {
    const { latentDim, mode } = run.settings;
    if (latentDim <= 2) return [0, latentDim === 2 ? 1 : null];
    const last = run.records.at(-1);
    if (!last) return [0, 1];
    const { klPerDimension, variances } = last.heldOut;
    const weight = mode === "vae" ? klPerDimension : variances;
    const order = weight.map((_, i) => i).sort((a, b) => weight[b] - weight[a]);
    return order.slice(0, 2).sort((a, b) => a - b);
  }

  /* Finds the square around the codes: { axes, middle, half }. A VAE's lies around its
     prior, an autoencoder's around its codes. The `last` one stays where it still fits, so
     that it does not jump to and fro. */
  function findFrame(run, last = null) {
    const { latentDim, mode } = run.settings;
    const { means, count } = run.snapshot.codes;
    const axes = chooseAxes(run);
    const isVae = mode === "vae";
    const sorted = axes
      .filter((axis) => axis !== null)
      .map((axis) =>
        Float32Array.from(
          { length: count },
          (_, i) => means[i * latentDim + axis],
        ).sort(),
      );
    const at = (values, share) => values[Math.floor(share * (values.length - 1))];
    const outside = (1 - INSIDE) / 2;
    const middle = sorted.map((values) =>
      isVae ? 0 : tidy((at(values, outside) + at(values, 1 - outside)) / 2, values),
    );
    const reach = sorted.map((values, i) =>
      Math.max(at(values, 1 - outside) - middle[i], middle[i] - at(values, outside)),
    );
    const least = isVae ? NARROWEST : 1e-3;
    const needed = roundUp(Math.max(least, ...reach.filter(Number.isFinite)));
    const stays = isVae && last?.half >= needed && last.half <= LOOSE * needed;
    const half = stays ? last.half : needed;
    return { axes, middle: [...middle, 0].slice(0, 2), half };
  }

  /* Rounds a middle to a quarter of the spread, so that it seldom jumps. */
  function tidy(value, sorted) {
    const spread = sorted.at(-1) - sorted[0];
    const step = spread > 0 ? roundUp(spread / 4) : 1;
    return Math.round(value / step) * step;
  }

  /* Makes codes of a grid of so many rows and columns over the frame, from its top left
     corner; other dimensions are at the middle of an autoencoder's codes, or at 0. */
  function makeGridCodes(run, { axes, middle, half }, side) {
    const { latentDim } = run.settings;
    const codes = new Float32Array(side * side * latentDim);
    const rest = middleOfCodes(run);
    const place = (i, count, centre) => centre + half * ((2 * i + 1) / count - 1);
    for (let i = 0; i < side * side; i++) {
      codes.set(rest, i * latentDim);
      if (axes[1] === null) codes[i] = place(i, side * side, middle[0]);
      else {
        codes[i * latentDim + axes[0]] = place(i % side, side, middle[0]);
        codes[i * latentDim + axes[1]] = -place(Math.floor(i / side), side, -middle[1]);
      }
    }
    return codes;
  }

  function middleOfCodes({ settings: { latentDim, mode }, snapshot }) {
    const middle = new Float32Array(latentDim);
    if (mode === "vae") return middle;
    const { means, count } = snapshot.codes;
    for (let i = 0; i < means.length; i++) middle[i % latentDim] += means[i] / count;
    return middle;
  }

  Object.assign(P, { findFrame, makeGridCodes });
})();
