/* Experiments of a minute each: predict, then run. What is right is computed from the
   runs, so that it holds for whatever they show.

   An experiment is { id, title, rounds, lesson, chapter, link }, a round is
   { task, choices, runs, conclude }, a run { label, data, settings, epochs, secret }.
   `conclude` gets the results of the runs and returns { right, text }: the index of the
   choice that they show to be right, and a sentence with their numbers. A round with
   `runFirst` is a riddle: the reader watches, then chooses. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { measures } = book;
  const { costOf, lastOf, sayCount, sayNats, saySum } = measures;
  const EXPERIMENTS = (book.EXPERIMENTS = []);
  // Faster than the defaults, so that a few epochs are enough.
  const FAST = { learningRate: 0.005, batchSize: 50 };
  const CLOSE = 1; // nats: below, two −ELBO count as equal; seeds differ by up to 0.8
  const PICTURES = 200; // decoded at random places, to be compared with images

  /* Adds an experiment of one round. */
  function add({ task, choices, runs, conclude, ...rest }) {
    EXPERIMENTS.push({ ...rest, rounds: [{ task, choices, runs, conclude }] });
  }

  /* Makes a run of the digits. */
  function run(label, settings, epochs) {
    return { label, data: "digits", settings: { ...FAST, ...settings }, epochs };
  }

  /* Which of two costs is lower: 0 or 1, or 2 if they are about equal. */
  function compare([first, second]) {
    if (first === second || Math.abs(first - second) < CLOSE) return 2;
    return first < second ? 0 : 1;
  }

  /* Says that a run failed, if one did. */
  function sayFailures(results) {
    const failed = results.filter((each) => each.failure);
    if (!failed.length) return "";
    return ` Training failed at ${failed.map((each) => each.label).join(", ")}.`;
  }

  const BETAS = [2, 4, 8, 16];
  add({
    id: "collapse",
    title: "When does the latent code collapse?",
    task:
      "β is the weight of kl in the loss. A dimension is active if its mean differs " +
      "from image to image (variance above 0.01). We train two dimensions with a " +
      "larger and larger β. Which is the smallest β at which no dimension is active?",
    choices: [...BETAS.map((beta) => `β = ${beta}`), "None of them"],
    runs: BETAS.map((beta) => run(`β = ${beta}`, { beta }, 8)),
    conclude(results) {
      const active = results.map((each) => lastOf(each).heldOut.active);
      const first = results.findIndex((each, i) => !each.failure && active[i] === 0);
      const counts = results
        .map((each, i) => `${active[i]} at ${each.label}`)
        .join(", ");
      const text = `Active dimensions at the end: ${counts}.${sayFailures(results)}`;
      if (first < 0) return { right: results.length, text };
      const { nll, kl } = lastOf(results[first]).heldOut;
      const cost = `kl is ${sayNats(kl)}, and nll ${sayNats(nll)} nats`;
      return { right: first, text: `${text} At ${results[first].label}, ${cost}.` };
    },
    lesson:
      "If kl costs more than it saves in nll, the encoder's best answer is the prior " +
      "for every image. The decoder then draws one blurred average: posterior " +
      "collapse.",
    chapter: "notebooks/07_loss_units",
    link: "Chapter 7: see what a β does",
  });

  add({
    id: "dimensions",
    title: "Two dimensions against ten",
    task:
      "Every dimension that is used costs kl. So ten dimensions will cost more kl " +
      "than two. Which has the lower −ELBO (nll + kl) on held-out digits after 8 " +
      "epochs?",
    choices: ["Two dimensions", "Ten dimensions", "About equal, within 1 nat"],
    runs: [2, 10].map((latentDim) =>
      run(`${sayCount(latentDim)} dimensions`, { latentDim }, 8),
    ),
    conclude(results) {
      const costs = results.map(
        (each) => `${each.label}: ${saySum(lastOf(each).heldOut)} nats`,
      );
      const active = results.map((each) => lastOf(each).heldOut.active);
      const text =
        `nll + kl = −ELBO. With ${costs.join("; with ")}. Active dimensions: ` +
        `${active.join(" and ")}.${sayFailures(results)}`;
      return { right: compare(results.map(costOf)), text };
    },
    lesson:
      "−ELBO settles the trade: a dimension pays if it saves more nll than it costs " +
      "in kl. Only two dimensions can be drawn as a map, which is why many chapters " +
      "use two.",
    chapter: "notebooks/02_fc_vae",
    link: "Chapter 2: choose the number of dimensions",
  });

  /* The cost of the closest held-out image under pictures from random codes: draws from
     the prior of a VAE; of an autoencoder, which has none, draws that are spread like
     its codes. */
  function costOfDraws(result) {
    if (result.failure) return Infinity;
    const { data, last } = result;
    const model = measures.rebuild(result);
    const { inputs, latentDim, mode } = model.settings;
    const generator = book.makeGenerator(0, book.PURPOSES.prior);
    const z =
      mode === "vae"
        ? generator.fillNormal(new Float32Array(PICTURES * latentDim))
        : measures.drawLikeCodes(last.codes, latentDim, PICTURES, generator);
    const pictures = model.generate(z, PICTURES);
    return measures.costOfClosest(pictures, inputs, data.heldOut);
  }

  add({
    id: "holes",
    title: "An autoencoder's holes",
    task:
      "An autoencoder without kl reconstructs better than a VAE. Now both decode " +
      "random codes: the VAE from its prior, the autoencoder from a normal " +
      "distribution fitted to its codes. The closest held-out digit is the one " +
      "with the lowest nll under a picture. Whose random pictures are closer to digits?",
    choices: ["The autoencoder's", "The VAE's", "About equal, within 1 nat"],
    runs: [
      ["autoencoder", { mode: "ae", latentDim: 10 }],
      ["VAE", { latentDim: 10 }],
    ].map(([label, settings]) => run(label, settings, 8)),
    conclude(results) {
      const costs = results.map(costOfDraws);
      const [ae, vae] = results.map((each) => sayNats(lastOf(each).heldOut.nll));
      const text =
        `Reconstructions: nll ${ae} (autoencoder) and ${vae} nats (VAE). Random ` +
        `pictures: the closest digit costs ${sayNats(costs[0])} nats (autoencoder) ` +
        `and ${sayNats(costs[1])} (VAE).${sayFailures(results)}`;
      return { right: compare(costs), text };
    },
    lesson:
      "Nothing asks an autoencoder to fill the space between its codes. kl does: it " +
      "keeps all q(z|x) near the prior, so that codes from the prior lie where the " +
      "decoder was trained.",
    chapter: "notebooks/05_latent_space",
    link: "Chapter 5: use an autoencoder as if it were a VAE",
  });

  Object.assign(book, {
    experimentParts: { CLOSE, FAST, add, run, sayFailures },
  });
})();
