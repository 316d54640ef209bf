/* q(z|x) = N(μ, σ²): its log-variance, the draw, the KL from N(0, 1), and their slopes. */
(function () {
  "use strict";

  const { exp, noiseScale, tanh } = self.VAEBook.playground;
  const BOUND = 10; // keeps σ between e^-5 and e^5, as in vae_utils.networks.heads

  /* Squashes what the encoder's head returns into the bound, smoothly. */
  function boundLogVar(logVar, raw, count) {
    for (let i = 0; i < count; i++) logVar[i] = BOUND * tanh(raw[i] / BOUND);
  }

  /* Draws z = μ + σ ε. */
  function drawCodes(z, { mean, logVar, noise }, count, bugs) {
    const { scale } = noiseScale(bugs);
    for (let i = 0; i < count; i++) z[i] = mean[i] + scale(logVar[i]) * noise[i];
  }

  /* ½ (μ² + σ² − 1 − log σ²), in nats. */
  function klOf(mean, logVar) {
    return 0.5 * (mean * mean + exp(logVar) - 1 - logVar);
  }

  /* Sums the KL over the latent dimensions of each example; `perDimension`, if given,
     gets the sum over examples. */
  function scoreCodes(kl, { mean, logVar }, rows, dimensions, perDimension) {
    kl.fill(0, 0, rows);
    for (let row = 0, i = 0; row < rows; row++) {
      for (let d = 0; d < dimensions; d++, i++) {
        const value = klOf(mean[i], logVar[i]);
        kl[row] += value;
        if (perDimension) perDimension[d] += value;
      }
    }
  }

  /* Turns the slopes of z into those of the two heads; `factor` is that of the KL of an
     example in the loss. */
  function goBack(slopes, codeSlope, { mean, logVar, noise }, count, factor, bugs) {
    const { scale, slope } = noiseScale(bugs);
    for (let i = 0; i < count; i++) {
      const value = logVar[i];
      slopes.mean[i] = codeSlope[i] + factor * mean[i];
      const ofDraw = codeSlope[i] * noise[i] * slope(value, scale(value));
      const ofLogVar = ofDraw + factor * 0.5 * (exp(value) - 1);
      const bounded = value / BOUND;
      slopes.logVar[i] = ofLogVar * (1 - bounded * bounded); // tanh' = 1 − tanh²
    }
  }

  self.VAEBook.playground.posterior = { boundLogVar, drawCodes, goBack, scoreCodes };
})();
