/* Encoder and decoder of the recorded networks, computed in the page.

   A script per network calls VAEBook.add(...) with what vae_utils/explorer.py wrote:
   shapes, and weights in float16 as base64. Classic scripts, since pages opened from
   disk may neither fetch files nor import modules. */
(function () {
  "use strict";

  const DRAWS = 64; // codes that stand for q(z|x) in the reconstruction term
  const ACTIVATIONS = { linear: (v) => v, relu: (v) => (v > 0 ? v : 0), tanh: Math.tanh };
  const book = (window.VAEBook ??= {});
  const models = (book.models ??= {}); // kept where a page loads this twice

  function bytesOf(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  /* Reads little-endian float16. */
  function halvesOf(base64) {
    const bytes = bytesOf(base64);
    const values = new Float32Array(bytes.length / 2);
    for (let i = 0; i < values.length; i++) {
      const bits = bytes[2 * i] | (bytes[2 * i + 1] << 8);
      const exponent = (bits >> 10) & 31;
      const fraction = bits & 1023;
      const size =
        exponent === 0
          ? fraction * 2 ** -24
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
      values[i] = bits & 0x8000 ? -size : size;
    }
    return values;
  }

  function add(name, packed) {
    const weights = halvesOf(packed.weights);
    let start = 0;
    const take = (count) => weights.subarray(start, (start += count));
    const layersOf = (shapes) =>
      shapes.map(({ name, inputs, units, activation }) => ({
        name,
        kernel: take(inputs * units), // row by row: all units of one input
        bias: take(units),
        activation: ACTIVATIONS[activation],
      }));
    models[name] = {
      ...packed,
      encoder: layersOf(packed.encoder),
      heads: layersOf(packed.heads), // z_log_var and z_mean, or the code z alone
      decoder: layersOf(packed.decoder),
      codes: halvesOf(packed.codes),
      labels: bytesOf(packed.labels),
    };
    delete models[name].weights;
  }

  function dense(values, { kernel, bias, activation }) {
    const units = bias.length;
    const sums = Float32Array.from(bias);
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

  /* Points that stand for draws from the standard normal distribution: their radii are
     its quantiles, their angles turn by the golden angle, and each has its opposite. */
  const noise = Array.from({ length: DRAWS / 2 }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(1 - (i + 0.5) / (DRAWS / 2)));
    const angle = i * Math.PI * (3 - Math.sqrt(5));
    const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return [[x, y], [-x, -y]]; // prettier-ignore
  }).flat();

  /* Terms of −ELBO in nats, of pixels that are 0 or 1. The reconstruction term is a
     mean over codes of q(z|x); a plain autoencoder has one code, and no KL term. */
  function measure(name, pixels, digit) {
    const { mean, logVar } = encode(name, pixels, digit);
    const codes = logVar
      ? noise.map((eps) => eps.map((e, i) => mean[i] + Math.exp(logVar[i] / 2) * e))
      : [mean];
    const nll = codes.map((z) => crossEntropy(pixels, logits(name, z, digit)));
    const average = nll.reduce((sum, value) => sum + value, 0) / nll.length;
    return { nll: average, kl: logVar ? divergence(mean, logVar) : null };
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

  Object.assign(book, { add, bytesOf, decode, encode, logits, measure, noise });
})();
