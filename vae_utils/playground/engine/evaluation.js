/* Scores a model as it is: the bound in nats, what each dimension carries, dead units.

   Binarisation and noise are the same each time, so that scores differ only because the
   weights do. */
(function () {
  "use strict";

  const { PURPOSES, fill, lasting, makeGenerator, valueFactor } =
    self.VAEBook.playground;
  const ACTIVE_VARIANCE = 0.01; // as in vae_utils.evaluation.codes

  /* Scores examples with one code each.

     Returns means over examples: nll, kl, klPerDimension; `variances` of the means of q
     and how many are `active`; `dead`, the units of each hidden layer that were zero for
     all examples. Bugs of loss and draw are left out, unless asked for: correct code scores
     what they trained. */
  function evaluate(model, data, { withBugs = false } = {}) {
    const { latentDim } = model.settings;
    const bugs = withBugs ? model.settings.bugs : lasting(model.settings.bugs);
    const total = { nll: 0, kl: 0, perDimension: new Float64Array(latentDim) };
    const means = new Float32Array(data.count * latentDim);
    const units = watch(model);
    for (const { values, noise, first, rows } of listBlocks(model, data)) {
      const given = { bugs, perDimension: total.perDimension };
      const { nll, kl, codes } = model.measure(values, noise, rows, given);
      for (let i = 0; i < rows; i++) {
        total.nll += nll[i];
        total.kl += kl[i];
      }
      means.set(codes.mean.subarray(0, rows * latentDim), first * latentDim);
      units.forEach((each) => noteAlive(each, rows));
    }
    const variances = varianceOf(means, data.count, latentDim);
    return {
      nll: total.nll / data.count,
      kl: total.kl / data.count,
      klPerDimension: Array.from(total.perDimension, (sum) => sum / data.count),
      variances,
      active: variances.filter((variance) => variance > ACTIVE_VARIANCE).length,
      dead: units.map(({ layer: { name, units: count }, alive }) => ({
        name,
        units: count,
        dead: count - alive.reduce((sum, each) => sum + each, 0),
      })),
    };
  }

  /* Encodes examples to `means` and, of a VAE, `logVars`, in new arrays. */
  function encodeAll(model, data) {
    const { latentDim, mode } = model.settings;
    const means = new Float32Array(data.count * latentDim);
    const logVars = mode === "vae" ? new Float32Array(data.count * latentDim) : null;
    for (const { values, first, rows } of listBlocks(model, data)) {
      const { mean, logVar } = model.encode(values, rows);
      const [at, end] = [first * latentDim, rows * latentDim];
      means.set(mean.subarray(0, end), at);
      logVars?.set(logVar.subarray(0, end), at);
    }
    return { means, logVars };
  }

  /* Yields blocks of examples, binarised, with their noise: the same each time. */
  function* listBlocks({ BLOCK, settings }, data) {
    const { inputs, latentDim, binarise, bugs } = settings;
    const draws = makeGenerator(0, PURPOSES.scoring);
    const pixels = binarise ? makeGenerator(0, PURPOSES.pixels) : null;
    const values = new Float32Array(BLOCK * inputs);
    const noise = new Float32Array(BLOCK * latentDim);
    for (let first = 0; first < data.count; first += BLOCK) {
      const rows = Math.min(BLOCK, data.count - first);
      const places = Array.from({ length: rows }, (_, i) => first + i);
      fill(values, data, inputs, places, pixels, valueFactor(bugs));
      draws.fillNormal(noise, rows * latentDim);
      yield { values, noise, first, rows };
    }
  }

  /* Prepares a note on each hidden layer: which units exceeded zero. */
  function watch({ layers }) {
    const hidden = layers.filter((layer) => layer.isHidden);
    return hidden.map((layer) => ({ layer, alive: new Uint8Array(layer.units) }));
  }

  function noteAlive({ layer, alive }, rows) {
    for (let i = 0; i < rows * layer.units; i++)
      if (layer.outputs[i] > 0) alive[i % layer.units] = 1;
  }

  function varianceOf(means, count, dimensions) {
    return Array.from({ length: dimensions }, (_, d) => {
      let sum = 0;
      for (let i = d; i < means.length; i += dimensions) sum += means[i];
      let squares = 0;
      for (let i = d; i < means.length; i += dimensions) {
        const distance = means[i] - sum / count;
        squares += distance * distance;
      }
      return squares / count;
    });
  }

  Object.assign(self.VAEBook.playground, { ACTIVE_VARIANCE, encodeAll, evaluate });
})();
