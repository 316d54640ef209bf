/* What conclusions and findings measure: costs, maps, and how close pictures are. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { write } = window.VAEBook.elements;
  const WORDS = "no one two three four five six seven eight nine ten".split(" ");
  const LARGE = 1e5; // from here on, a sum is not written out
  const EDGE = 1e-6; // keeps probabilities off 0 and 1, whose logarithm is infinite

  const average = (values) =>
    values.reduce((sum, each) => sum + each, 0) / values.length;

  /* The last record of a run. */
  const lastOf = (result) => result.epochs.at(-1);

  /* The held-out −ELBO of a run at its end, in nats; infinite where training failed. */
  function costOf(result) {
    const { nll, kl } = lastOf(result).heldOut;
    return !result.failure && Number.isFinite(nll + kl) ? nll + kl : Infinity;
  }

  /* Writes a count in words up to ten. */
  const sayCount = (count) => WORDS[count] ?? String(count);

  /* Writes nats: one decimal, more where they are small, a power of ten where large. */
  const sayNats = (value) => book.writeNumber(value, Math.abs(value) >= 10 ? 1 : 2);

  /* Writes nll + kl = −ELBO of a score, as a sum that is right as it is written. */
  function saySum({ nll, kl }) {
    if (!Number.isFinite(nll + kl)) return sayNats(NaN);
    if (Math.abs(nll + kl) >= LARGE) return sayNats(nll + kl);
    const decimals = Math.abs(nll + kl) < 10 ? 2 : 1;
    const [first, second] = [nll, kl].map((each) => Number(each.toFixed(decimals)));
    const terms = [first, second, first + second].map((each) => write(each, decimals));
    return `${terms[0]} + ${terms[1]} = ${terms[2]}`;
  }

  /* Makes the model that a run ended with. */
  function rebuild({ data, settings, last }) {
    const model = book.makeModel(book.complete({ ...data.settings, ...settings }));
    model.weights.set(last.weights);
    return model;
  }

  /* Mean and standard deviation of numbers in every `dimensions`-th place. */
  function spreadOf(values, first, dimensions, count) {
    const of = (i) => values[i * dimensions + first];
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i++) sum += of(i);
    for (let i = 0; i < count; i++) squares += (of(i) - sum / count) ** 2;
    return { mean: sum / count, deviation: Math.sqrt(squares / count) };
  }

  /* Draws codes where those of the held-out images lie: from a normal distribution with
     the mean and the standard deviation of each of their dimensions. */
  function drawLikeCodes({ means, count }, dimensions, drawn, generator) {
    const z = generator.fillNormal(new Float32Array(drawn * dimensions));
    for (let d = 0; d < dimensions; d++) {
      const { mean, deviation } = spreadOf(means, d, dimensions, count);
      for (let i = d; i < z.length; i += dimensions) z[i] = mean + deviation * z[i];
    }
    return z;
  }

  /* Finds for each decoded picture the held-out image that costs the fewest nats under
     it: { place, cost } of each, where place is the number of the image. */
  function findClosest(pictures, inputs, { values, count }) {
    const closest = [];
    for (let start = 0; start < pictures.length; start += inputs) {
      const logits = new Float64Array(inputs);
      let blank = 0; // the cost of an image without ink
      for (let i = 0; i < inputs; i++) {
        const p = Math.min(1 - EDGE, Math.max(EDGE, pictures[start + i]));
        blank -= Math.log(1 - p);
        logits[i] = Math.log(p / (1 - p)) / 255;
      }
      const best = { place: 0, cost: Infinity };
      for (let place = 0; place < count; place++) {
        let cost = blank;
        const at = place * inputs;
        for (let i = 0; i < inputs; i++) cost -= logits[i] * values[at + i];
        if (cost < best.cost) Object.assign(best, { place, cost });
      }
      closest.push(best);
    }
    return closest;
  }

  /* The mean of these costs: small if each picture is like some image. */
  const costOfClosest = (pictures, inputs, heldOut) =>
    average(findClosest(pictures, inputs, heldOut).map(({ cost }) => cost));

  /* Draws codes as a run's random pictures have them: from the prior, or, for an
     autoencoder, which has none, spread like its codes. */
  function drawCodes({ settings: { mode, latentDim } }, codes, count, generator) {
    return mode === "vae"
      ? generator.fillNormal(new Float32Array(count * latentDim))
      : drawLikeCodes(codes, latentDim, count, generator);
  }

  /* How well one map fits another after turning, mirroring, scaling and moving it: R²,
     from 0 to 1 (Procrustes). The same images must come in the same order. */
  function compareMaps(first, second) {
    const count = Math.min(first.count, second.count);
    const [a, b] = [first, second].map(({ means }) => {
      const centre = [0, 1].map((d) => spreadOf(means, d, 2, count).mean);
      return (i, d) => means[2 * i + d] - centre[d];
    });
    const products = [0, 0, 0, 0];
    let [sizeOfA, sizeOfB] = [0, 0];
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 4; k++) products[k] += a(i, k >> 1) * b(i, k & 1);
      for (let d = 0; d < 2; d++) sizeOfA += a(i, d) ** 2;
      for (let d = 0; d < 2; d++) sizeOfB += b(i, d) ** 2;
    }
    const [xx, xy, yx, yy] = products;
    const squares = xx * xx + xy * xy + yx * yx + yy * yy;
    // The square of the sum of the two singular values of this 2 × 2 matrix.
    const fit = squares + 2 * Math.abs(xx * yy - xy * yx);
    return sizeOfA * sizeOfB > 0 ? fit / (sizeOfA * sizeOfB) : 0;
  }

  book.measures = {
    average, compareMaps, costOf, costOfClosest, drawCodes, drawLikeCodes, findClosest,
    lastOf, rebuild, sayCount, sayNats, saySum, spreadOf,
  }; // prettier-ignore
})();
