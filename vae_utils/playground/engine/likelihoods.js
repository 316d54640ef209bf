/* −log p(x|z) in nats, summed over the values of an example, and its slopes.

   bernoulli  each value is 1 with probability sigmoid(output)
   gaussian   normal around the mean with the σ of the settings
   learned    the same with one σ for all, which is trained: its logarithm is a weight

   The mean of a Gaussian is sigmoid(output) for pixels, and the output itself for other
   numbers ("linear"). As vae_utils.likelihoods has it. */
(function () {
  "use strict";

  const { exp, log, sigmoid } = self.VAEBook.playground;
  const LOG_TWO_PI = 1.8378770664093453;
  const MANY = 512; // factors below 2, of which a product stays below the largest number

  /* Scores examples: `nll` gets one number for each. Where there are `slopes`, they get
     the derivatives of nll by the outputs, times `factor`; returned is that by log σ. */
  function score(model, { values, outputs, rows, nll, slopes, factor }) {
    const size = model.settings.inputs;
    const scoreOne = model.settings.likelihood === "bernoulli" ? bernoulli : gaussian;
    let sigmaSlope = 0;
    for (let row = 0; row < rows; row++) {
      const start = row * size;
      const given = { values, outputs, slopes, factor, start, end: start + size };
      sigmaSlope += scoreOne(given, nll, row, model);
    }
    return sigmaSlope;
  }

  /* −x log σ(l) − (1 − x) log(1 − σ(l)) = max(l, 0) − x l + log(1 + e^−|l|). The last
     terms are one logarithm of a product. */
  function bernoulli({ values, outputs, slopes, factor, start, end }, nll, row) {
    let sum = 0;
    for (let first = start; first < end; first += MANY) {
      let product = 1;
      for (let i = first; i < Math.min(first + MANY, end); i++) {
        const logit = outputs[i];
        const small = exp(logit < 0 ? logit : -logit);
        product *= 1 + small;
        sum += (logit < 0 ? 0 : logit) - values[i] * logit;
        if (!slopes) continue;
        const probability = (logit < 0 ? small : 1) / (1 + small);
        slopes[i] = factor * (probability - values[i]);
      }
      sum += log(product);
    }
    nll[row] = sum;
    return 0;
  }

  /* ½ (x − mean)² / σ² + log σ + ½ log 2π. */
  function gaussian(given, nll, row, model) {
    const { values, outputs, slopes, factor, start, end } = given;
    const logSigma = model.logSigma();
    const precision = exp(-2 * logSigma);
    const isLinear = model.settings.output === "linear";
    let squares = 0;
    for (let i = start; i < end; i++) {
      // Rounded: far from zero, a sigmoid in float32 is exactly 0 or 1, without slope.
      const mean = isLinear ? outputs[i] : Math.fround(sigmoid(outputs[i]));
      const error = mean - values[i];
      squares += error * error;
      if (slopes)
        slopes[i] = factor * precision * error * (isLinear ? 1 : mean * (1 - mean));
    }
    const size = end - start;
    nll[row] = 0.5 * squares * precision + size * (logSigma + 0.5 * LOG_TWO_PI);
    return factor * (size - squares * precision);
  }

  /* Turns outputs into the means of p(x|z), in place. */
  function toMeans({ likelihood, output }, outputs, count) {
    if (likelihood !== "bernoulli" && output === "linear") return outputs;
    for (let i = 0; i < count; i++) outputs[i] = sigmoid(outputs[i]);
    return outputs;
  }

  Object.assign(self.VAEBook.playground, { score, toMeans });
})();
