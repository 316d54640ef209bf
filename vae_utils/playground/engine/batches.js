/* Batches of examples: their order and binarisation depend on seed and epoch alone.

   Data are { values, count }: bytes for pixels, which are scaled to [0, 1], or float32
   for other numbers, which are left as they are. */
(function () {
  "use strict";

  const { makeGenerator } = self.VAEBook.playground;
  // What a generator is for, so that no two uses share random numbers.
  const PURPOSES = { weights: 1, order: 2, pixels: 3, noise: 4, scoring: 5, prior: 6 };

  /* Copies examples at some places of the data into `batch`, scaled, and binarised where
     there is a generator: a pixel is 1 with a probability of its grey level. */
  function fill(batch, { values }, size, places, generator, factor) {
    const isBytes = values instanceof Uint8Array;
    const scale = (isBytes ? 1 / 255 : 1) * factor;
    let at = 0;
    for (const place of places) {
      for (let i = place * size; i < (place + 1) * size; i++) {
        let value = values[i];
        if (generator && isBytes && value > 0 && value < 255)
          value = generator.uniform() * 255 < value ? 255 : 0;
        batch[at++] = value * scale;
      }
    }
    return batch;
  }

  /* Makes the batches of training data. Examples that fill no batch wait for the next
     epoch, whose order is another. */
  function makeBatches(settings, data) {
    const { inputs, batchSize, binarise, seed, latentDim } = settings;
    const steps = Math.floor(data.count / batchSize);
    const values = new Float32Array(batchSize * inputs);
    const noise = new Float32Array(batchSize * latentDim);
    const order = new Uint32Array(data.count);
    let pixels, draws;

    function begin(epoch) {
      order.forEach((_, i) => (order[i] = i));
      makeGenerator(seed, PURPOSES.order, epoch).shuffle(order);
      pixels = binarise ? makeGenerator(seed, PURPOSES.pixels, epoch) : null;
      draws = makeGenerator(seed, PURPOSES.noise, epoch);
    }

    /* Makes batch number `index` of the epoch that began; they come one after another. */
    function next(index, factor) {
      const places = order.subarray(index * batchSize, (index + 1) * batchSize);
      fill(values, data, inputs, places, pixels, factor);
      draws.fillNormal(noise);
      return { values, noise };
    }

    return { begin, next, steps };
  }

  Object.assign(self.VAEBook.playground, { PURPOSES, fill, makeBatches });
})();
