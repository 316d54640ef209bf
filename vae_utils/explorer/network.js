/* Encoder and decoder of the recorded networks, computed in the page.

   A script per network calls VAEBook.add(...) with what vae_utils/explorer wrote: shapes,
   and weights as text, which weights.js reads. Classic scripts, since pages opened from
   disk may neither fetch files nor import modules. */
(function () {
  "use strict";

  const DRAWS = 64; // codes that stand for q(z|x) in the reconstruction term
  // For each pair of dimensions: factor and start of the order in which the points take
  // the radii, and factor of their angles. Found by a search, so that for 64 points no
  // two dimensions have a correlation above 0.16.
  const ORDERS = [
    [1, 0, 1], [7, 0, 19], [31, 27, 37], [31, 12, 39],
    [31, 0, 14], [17, 21, 25], [1, 9, 23], [31, 3, 8],
  ]; // prettier-ignore
  const ACTIVATIONS = { linear: (v) => v, relu: (v) => (v > 0 ? v : 0), tanh: Math.tanh };
  const book = (window.VAEBook ??= {});
  const models = (book.models ??= {}); // kept where a page loads this twice

  /* Adds a network from its layers, and the codes of test digits if it brings some. */
  function add(name, packed) {
    const layersOf = (layers) =>
      layers.map((layer) => ({
        name: layer.name,
        kernel: book.kernelOf(layer), // row by row: all units of one input
        bias: book.halvesOf(layer.bias),
        activation: ACTIVATIONS[layer.activation],
      }));
    const { codes = "", codeStep, labels = "" } = packed;
    models[name] = {
      ...packed,
      encoder: layersOf(packed.encoder),
      heads: layersOf(packed.heads), // z_log_var and z_mean, or the code z alone
      decoder: layersOf(packed.decoder),
      codes: Float32Array.from(book.pairsOf(codes), (value) => value * codeStep),
      labels: Uint8Array.from(labels, Number),
    };
    models[name].dimensions = models[name].heads[0].bias.length;
  }

  function dense(values, { kernel, bias, activation }) {
    const units = bias.length;
    const sums = new Float32Array(bias);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === 0) continue; // most pixels are
      const row = i * units;
      for (let unit = 0; unit < units; unit++) sums[unit] += value * kernel[row + unit];
    }
    return sums.map(activation);
  }

  function withLabel(values, model, digit) {
    if (!model.labelled) return values;
    const joined = new Float32Array(values.length + 10);
    joined.set(values);
    joined[values.length + digit] = 1;
    return joined;
  }

  /* Encodes pixels in [0, 1]; logVar is null where the code is a point. */
  function encode(name, pixels, digit) {
    const model = models[name];
    const features = model.encoder.reduce(dense, withLabel(pixels, model, digit));
    const found = {};
    for (const head of model.heads) found[head.name] = dense(features, head);
    if (!model.variational) return { mean: found.z, logVar: null };
    const bound = model.logVarBound;
    const logVar = found.z_log_var.map((v) => bound * Math.tanh(v / bound));
    return { mean: found.z_mean, logVar };
  }

  function logits(name, z, digit) {
    const model = models[name];
    return model.decoder.reduce(dense, withLabel(Float32Array.from(z), model, digit));
  }

  /* Decodes a code to the probability of ink in each pixel. */
  function decode(name, z, digit) {
    return logits(name, z, digit).map((v) => 1 / (1 + Math.exp(-v)));
  }

  /* Points that stand for draws from the standard normal distribution, so many in so
     many dimensions. In each pair of dimensions their radii are its quantiles and their
     angles turn by multiples of the golden angle; each point has its opposite. */
  function noiseOf(dimensions, draws = DRAWS) {
    if (dimensions > 2 * ORDERS.length) throw new RangeError("Too many dimensions.");
    const half = draws / 2;
    const points = Array.from({ length: half }, (_, i) => {
      const point = ORDERS.flatMap(([factor, first, turns]) => {
        const place = (factor * i + first) % half;
        const radius = Math.sqrt(-2 * Math.log(1 - (place + 0.5) / half));
        const angle = turns * i * Math.PI * (3 - Math.sqrt(5));
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
      });
      return point.slice(0, dimensions);
    });
    return points.flatMap((point) => [point, point.map((value) => -value)]);
  }

  const noise = noiseOf(2);
  const kept = { [`2 ${DRAWS}`]: noise }; // number of dimensions and of draws → points

  /* Terms of −ELBO in nats, of pixels that are 0 or 1. The reconstruction term is a mean
     over codes of q(z|x), an even number of them, or 1 for its mean alone; a plain
     autoencoder has one code, and no KL term. */
  function measure(name, pixels, digit, draws = DRAWS) {
    const { mean, logVar } = encode(name, pixels, digit);
    const codes = logVar && draws > 1 ? spread(mean, logVar, draws) : [mean];
    const nll = codes.map((z) => crossEntropy(pixels, logits(name, z, digit)));
    const average = nll.reduce((sum, value) => sum + value, 0) / nll.length;
    return { nll: average, kl: logVar ? divergence(mean, logVar) : null };
  }

  /* Codes that stand for draws from q(z|x). */
  function spread(mean, logVar, draws) {
    const points = (kept[`${mean.length} ${draws}`] ??= noiseOf(mean.length, draws));
    return points.map((eps) => eps.map((e, i) => mean[i] + Math.exp(logVar[i] / 2) * e));
  }

  function crossEntropy(pixels, outputs) {
    let sum = 0;
    for (let i = 0; i < pixels.length; i++) {
      const v = outputs[i];
      sum += Math.max(v, 0) - pixels[i] * v + Math.log1p(Math.exp(-Math.abs(v)));
    }
    return sum;
  }

  function divergence(mean, logVar) {
    return mean.reduce(
      (sum, m, i) => sum + (m * m + Math.exp(logVar[i]) - 1 - logVar[i]) / 2,
      0,
    );
  }

  Object.assign(book, { add, decode, encode, logits, measure, noise });
  book.noiseOf = noiseOf;
})();
