/* What an image costs a network, pixel by pixel and latent dimension by dimension. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const FEW = 8; // codes that stand for q(z|x) while the pen moves
  let few = null;

  /* Places codes that stand for q(z|x): as many as for a test digit, or a few. */
  function placeCodes({ mean, logVar }, isQuick) {
    if (!logVar) return [mean];
    const points = isQuick ? (few ??= book.noiseOf(mean.length, FEW)) : book.noise;
    return points.map((eps) =>
      eps.map((e, i) => mean[i] + Math.exp(logVar[i] / 2) * e),
    );
  }

  /* Returns the expected cost of each pixel in nats, over codes of q(z|x). */
  function costPixels(name, pixels, digit, codes) {
    const costs = new Float64Array(pixels.length);
    for (const z of codes) {
      const logits = book.logits(name, z, digit);
      for (let i = 0; i < pixels.length; i++) {
        const v = pixels[i] ? -logits[i] : logits[i]; // of what the pixel is not
        costs[i] += Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
      }
    }
    return costs.map((cost) => cost / codes.length);
  }

  /* Returns the KL term of each latent dimension in nats. */
  function costDimensions({ mean, logVar }) {
    if (!logVar) return null;
    return Array.from(
      mean,
      (m, i) => (m * m + Math.exp(logVar[i]) - 1 - logVar[i]) / 2,
    );
  }

  /* Returns the terms of −ELBO of pixels that are 0 or 1, in nats: the cost of each
     pixel, its sums over ink and over empty pixels, and the KL of each dimension. */
  function findCosts(name, pixels, digit, posterior, isQuick = false) {
    const codes = placeCodes(posterior, isQuick);
    const costs = costPixels(name, pixels, digit, codes);
    let [missed, added] = [0, 0];
    costs.forEach((cost, i) => {
      if (pixels[i]) missed += cost;
      else added += cost;
    });
    return { pixels: costs, missed, added, kl: costDimensions(posterior) };
  }

  book.findCosts = findCosts;
})();
