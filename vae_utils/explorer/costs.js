/* What an image costs a network, pixel by pixel and latent dimension by dimension. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const PAIRS = 4; // of codes, while the pen moves

  /* Picks codes that stand for q(z|x): all of them, or a few spread evenly. They come
     in pairs of opposites, so that their mean is the posterior's. */
  function pickNoise(few) {
    if (!few) return book.noise;
    const pairs = book.noise.length / 2;
    return Array.from({ length: PAIRS }, (_, i) => {
      const pair = Math.floor(((i + 0.5) * pairs) / PAIRS);
      return book.noise.slice(2 * pair, 2 * pair + 2);
    }).flat();
  }

  function drawCodes({ mean, logVar }, few) {
    if (!logVar) return [mean];
    return pickNoise(few).map((eps) =>
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
  function findCosts(name, pixels, digit, posterior, few = false) {
    const codes = drawCodes(posterior, few);
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
