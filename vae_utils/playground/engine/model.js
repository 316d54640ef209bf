/* A VAE, or a plain autoencoder: dense networks, the loss and its slopes.

   loss = mean over examples of nll + β kl, both in nats: sums over an example's values
   and over latent dimensions. A bug changes the loss or the draw; nll and kl are reported
   in nats nevertheless. */
(function () {
  "use strict";

  const book = self.VAEBook.playground;
  const { addInputSlope, atLeast, backward, backwardAll, forward, forwardAll } = book;
  const { boundLogVar, drawCodes, goBack, scoreCodes } = book.posterior;
  const BLOCK = 200; // examples that networks take at a time where nothing is trained

  /* Lists [name, inputs, units, whether ReLU follows] of all layers. */
  function listLayers({ inputs, hidden, latentDim, mode }) {
    const inwards = [inputs, ...hidden];
    const outwards = [latentDim, ...[...hidden].reverse()];
    const heads = mode === "vae" ? ["z_mean", "z_log_var"] : ["z"];
    const link = (name, widths) =>
      widths.slice(1).map((units, i) => [`${name} ${i + 1}`, widths[i], units, true]);
    return [
      ...link("encoder", inwards),
      ...heads.map((name) => [name, inwards.at(-1), latentDim, false]),
      ...link("decoder", outwards),
      ["outputs", outwards.at(-1), inputs, false],
    ];
  }

  /* Makes a model from complete settings; its weights are zero until drawn or set. */
  function makeModel(settings) {
    const { inputs, hidden, latentDim, likelihood, sigma } = settings;
    const isVae = settings.mode === "vae";
    const more = likelihood === "learned" ? 1 : 0; // log σ, the last weight
    const { layers, weights, slopes } = book.makeLayers(listLayers(settings), more);
    const encoder = layers.slice(0, hidden.length);
    const heads = layers.slice(hidden.length, hidden.length + (isVae ? 2 : 1));
    const decoder = layers.slice(hidden.length + heads.length);
    const fixedLogSigma = book.log(sigma);
    const buffers = {};

    function buffer(name, size) {
      return (buffers[name] = atLeast(buffers[name] ?? new Float32Array(0), size));
    }

    const logSigma = () => (more ? weights[weights.length - 1] : fixedLogSigma);

    /* Draws new weights. */
    function draw(generator) {
      book.drawWeights(layers, generator);
      if (more) weights[weights.length - 1] = fixedLogSigma;
    }

    /* Encodes examples: mean and, of a VAE, logVar; both are overwritten by the next. */
    function encode(values, rows) {
      const features = forwardAll(encoder, values, rows);
      const [mean, raw] = heads.map((head) => forward(head, features, rows));
      if (!isVae) return { mean, logVar: null };
      const logVar = buffer("logVar", rows * latentDim);
      boundLogVar(logVar, raw, rows * latentDim);
      return { mean, logVar };
    }

    /* Runs the decoder: the parameters of p(x|z), overwritten by the next. */
    function decode(z, rows, bugs) {
      const outputs = forwardAll(decoder, z, rows);
      book.squash(bugs, outputs, rows * inputs);
      return outputs;
    }

    /* Computes nll and kl of examples, one number each, from one code each. */
    function measure(values, noise, rows, { bugs, learning = null, perDimension }) {
      const codes = { ...encode(values, rows), noise };
      const nll = buffer("nll", rows);
      const kl = buffer("kl", rows).fill(0, 0, rows);
      let z = codes.mean;
      if (isVae) {
        z = buffer("z", rows * latentDim);
        drawCodes(z, codes, rows * latentDim, bugs);
        scoreCodes(kl, codes, rows, latentDim, perDimension);
      }
      const outputs = decode(z, rows, bugs);
      const slope = learning ? buffer("slope", rows * inputs) : null;
      const given = { values, outputs, rows, nll, slopes: slope, factor: 0 };
      if (learning) given.factor = learning.nll;
      const sigmaSlope = book.score(model, given);
      if (learning) goBackFrom(slope, codes, rows, learning.kl, bugs);
      if (learning && more) slopes[slopes.length - 1] = sigmaSlope;
      return { nll, kl, codes, z };
    }

    /* Computes all slopes from those of the decoder's outputs. */
    function goBackFrom(slope, codes, rows, factor, bugs) {
      book.squashSlope(bugs, slope, decoder.at(-1).outputs, rows * inputs);
      const codeSlope = backwardAll(decoder, slope, rows, true);
      const size = rows * latentDim;
      let headSlopes = [codeSlope];
      if (isVae) {
        const [mean, logVar] = [buffer("meanSlope", size), buffer("logVarSlope", size)];
        goBack({ mean, logVar }, codeSlope, codes, size, factor, bugs);
        headSlopes = [mean, logVar];
      }
      const width = rows * heads[0].inputs;
      const features = buffer("featureSlope", width).fill(0, 0, width);
      heads.forEach((head, i) => {
        backward(head, headSlopes[i], rows);
        if (encoder.length) addInputSlope(features, head, headSlopes[i], rows, true);
      });
      backwardAll(encoder, features, rows, false);
    }

    /* Computes the loss of a batch, its terms, and the slopes of all weights. */
    function learn(values, noise, rows, { beta, bugs }) {
      const factors = {
        nll: book.nllFactor(bugs, inputs),
        kl: isVae ? beta * book.klFactor(bugs, latentDim) : 0,
      };
      const learning = { nll: factors.nll / rows, kl: factors.kl / rows };
      const terms = measure(values, noise, rows, { bugs, learning });
      const [nll, kl] = [mean(terms.nll, rows), mean(terms.kl, rows)];
      return { nll, kl, loss: factors.nll * nll + (isVae ? factors.kl * kl : 0) };
    }

    /* Decodes codes to the means of p(x|z), in a new array. */
    function generate(z, rows, bugs = []) {
      const means = new Float32Array(rows * inputs);
      for (let first = 0; first < rows; first += BLOCK) {
        const count = Math.min(BLOCK, rows - first);
        const codes = z.subarray(first * latentDim, (first + count) * latentDim);
        const outputs = decode(codes, count, bugs);
        book.toMeans(settings, outputs, count * inputs);
        means.set(outputs.subarray(0, count * inputs), first * inputs);
      }
      return means;
    }

    /* Generates means of p(x|z) for codes from the prior. */
    function sample(rows, generator, bugs = []) {
      const z = generator.fillNormal(new Float32Array(rows * latentDim));
      return generate(z, rows, bugs);
    }

    const model = {
      BLOCK, decoder, draw, encode, encoder, generate, layers, learn, logSigma, measure,
      sample, settings, slopes, weights,
    }; // prettier-ignore
    return model;
  }

  function mean(values, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i];
    return sum / count;
  }

  book.makeModel = makeModel;
})();
