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
  function add({ id, title, lesson, chapter, link, ...round }) {
    EXPERIMENTS.push({ id, title, lesson, chapter, link, rounds: [round] });
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
      "β is the weight of kl in the loss. A dimension pays as long as it saves more " +
      "nll than β times its kl. At β = 1, two dimensions save several times what they " +
      "cost. Which is the smallest β at which no dimension is active? (Active: its " +
      "mean varies over images, with a variance above 0.01.)",
    choices: [...BETAS.map((beta) => `β = ${beta}`), "None of them"],
    runs: BETAS.map((beta) => run(`β = ${beta}`, { beta }, 8)),
    conclude(results) {
      const ends = results.map((each) => lastOf(each).heldOut);
      const first = results.findIndex((each, i) => !each.failure && !ends[i].active);
      const counts = results.map(
        ({ label }, i) => `${ends[i].active} at ${label} (kl ${sayNats(ends[i].kl)})`,
      );
      const text =
        `Active dimensions at the end: ${counts.join(", ")}.` + sayFailures(results);
      return { right: first < 0 ? results.length : first, text };
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

  /* The cost of the closest held-out image under pictures from random codes. */
  function costOfDraws(result) {
    if (result.failure) return Infinity;
    const { data, last } = result;
    const model = measures.rebuild(result);
    const generator = book.makeGenerator(0, book.PURPOSES.prior);
    const z = measures.drawCodes(model, last.codes, PICTURES, generator);
    const pictures = model.generate(z, PICTURES);
    return measures.costOfClosest(pictures, model.settings.inputs, data.heldOut);
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
    showClosest: true,
    runs: [
      ["autoencoder", { mode: "ae", latentDim: 10 }],
      ["VAE", { latentDim: 10 }],
    ].map(([label, settings]) => run(label, settings, 8)),
    conclude(results) {
      const costs = results.map(costOfDraws);
      const [ae, vae] = results.map((each) => sayNats(lastOf(each).heldOut.nll));
      const text =
        `Reconstructions: nll ${ae} (autoencoder) and ${vae} nats (VAE). Random ` +
        `pictures (upper rows): the closest digit (below) costs ${sayNats(costs[0])} ` +
        `nats (autoencoder) and ${sayNats(costs[1])} (VAE), in the mean of ` +
        `${PICTURES}.${sayFailures(results)}`;
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
