/* Four more experiments: seeds, units, the learning rate, and the ring's σ. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { write } = window.VAEBook.elements;
  const { measures } = book;
  const { CLOSE, FAST, add, run, sayFailures } = book.experimentParts;
  const { costOf, lastOf, sayNats } = measures;
  const SAME_MAP = 0.9; // R² from which on two maps count as the same
  const SPLIT = 0.3; // σ between the two that the ring's runs end at

  const SEEDS = [1, 2, 3];
  add({
    id: "seeds",
    title: "Three seeds",
    task:
      "Three runs differ in their seed only: other first weights, other batches. " +
      "Will they agree? −ELBO counts as the same within 1 nat. Maps count as the " +
      "same if one can be turned, mirrored and scaled to fit the other (R² of at " +
      "least 0.9).",
    choices: [
      "Same −ELBO, same map",
      "Same −ELBO, different maps",
      "Different −ELBO, same map",
      "Different −ELBO, different maps",
    ],
    runs: SEEDS.map((seed) => run(`seed ${seed}`, { seed }, 8)),
    conclude(results) {
      const costs = results.map(costOf);
      const differ = !(Math.max(...costs) - Math.min(...costs) < CLOSE);
      const fits = results.flatMap((each, i) =>
        results
          .slice(0, i)
          .map((other) => measures.compareMaps(each.last.codes, other.last.codes)),
      );
      const moved = Math.min(...fits) < SAME_MAP;
      const text =
        `−ELBO: ${costs.map(sayNats).join(", ")} nats. R² of the maps of seeds 1 ` +
        `and 2, 1 and 3, 2 and 3: ${fits.map((fit) => write(fit)).join(", ")}.` +
        sayFailures(results);
      return { right: 2 * differ + moved, text };
    },
    lesson:
      "Many maps give the same −ELBO. Where a digit lies, and who its neighbours " +
      "are, can depend on the seed. Some seeds agree by chance, so compare models by " +
      "numbers.",
    chapter: "notebooks/06_evaluation",
    link: "Chapter 6: say which difference counts",
  });

  const PIXELS = book.DEFAULTS.inputs;
  const WEIGHTS = [1, Math.sqrt(PIXELS), PIXELS]; // each is tried as β = 1 / weight
  const nameBeta = (weight) => (weight === 1 ? "β = 1" : `β = 1/${weight}`);

  /* How far two runs are apart at their ends: in nll and in kl, in nats. */
  function distance(first, second) {
    if (first.failure || second.failure) return Infinity;
    const [a, b] = [first, second].map((each) => lastOf(each).heldOut);
    return Math.abs(a.nll - b.nll) + Math.abs(a.kl - b.kl);
  }

  add({
    id: "units",
    title: "A mean where a sum should be",
    task:
      `Many losses take the mean of nll over pixels. Here are ${PIXELS} of them, and ` +
      "kl is still a sum. First a correct model trains, with β = 1. Then the one " +
      "with the mean, with three values of β. Which β gives the same model (nll and " +
      "kl within 1 nat)?",
    choices: [...WEIGHTS.map(nameBeta), "None of them"],
    runs: [
      run("correct, β = 1", {}, 5),
      ...WEIGHTS.map((weight) =>
        run(
          `mean, ${nameBeta(weight)}`,
          { beta: 1 / weight, bugs: ["meanOverPixels"] },
          5,
        ),
      ),
    ],
    conclude([correct, ...others]) {
      const gaps = others.map((each) => distance(each, correct));
      const least = Math.min(...gaps);
      const right = least < CLOSE ? gaps.indexOf(least) : others.length;
      const say = ({ label, ...result }) => {
        const { nll, kl } = lastOf(result).heldOut;
        return `${label}: ${sayNats(nll)} and ${sayNats(kl)}`;
      };
      const text =
        `nll and kl on held-out digits: ${[correct, ...others].map(say).join("; ")}.` +
        sayFailures([correct, ...others]);
      return { right, text };
    },
    lesson:
      `A mean over ${PIXELS} pixels divides nll by ${PIXELS}. Relative to it, kl ` +
      `weighs ${PIXELS} times as much: β = 1 in the program is β = ${PIXELS} in truth.`,
    chapter: "notebooks/07_loss_units",
    link: "Chapter 7: find the β of a recipe",
  });

  const RATES = [0.0003, 0.003, 0.03, 0.3];
  add({
    id: "rate",
    title: "How large may a step be?",
    task:
      "Four runs of 4 epochs, each with ten times the learning rate of the one " +
      "before. In one step, Adam moves a weight by about the learning rate. Here are " +
      "160 steps, and the first weights are about 0.1 in size. Which run has the " +
      "lowest −ELBO on held-out digits at the end?",
    choices: [...RATES.map(String), "All of them fail"],
    runs: RATES.map((learningRate) =>
      run(String(learningRate), { learningRate, batchSize: 100 }, 4),
    ),
    conclude(results) {
      const costs = results.map(costOf);
      const least = Math.min(...costs);
      const right = Number.isFinite(least) ? costs.indexOf(least) : results.length;
      const dead = results.map((each) => lastOf(each).heldOut.dead);
      const sum = (layers, name) => layers.reduce((all, layer) => all + layer[name], 0);
      const text =
        `−ELBO: ${costs.map(sayNats).join(", ")} nats. Hidden units that are zero ` +
        `for every image: ${dead.map((each) => sum(each, "dead")).join(", ")} of ` +
        `${sum(dead[0], "units")}.${sayFailures(results)}`;
      return { right, text };
    },
    lesson:
      "Small steps are slow: four epochs are too few for them. A large one may push a " +
      "ReLU below zero for every image: a dead unit, without a gradient. Some can be " +
      "spared; the last run lost too many.",
    chapter: "notebooks/04_cvae",
    link: "Chapter 4: dead filters",
  });

  const STARTS = [0.1, 1]; // from 0.5, one of five seeds comes back from above
  add({
    id: "ring",
    title: "Where does a learned σ end?",
    task:
      "The data are points on a ring of radius 1, with noise of 0.1 across it. The " +
      "decoder's σ is trained with the " +
      "network; it starts at 0.1 in the first run, and at 1 in the second. Where " +
      "does it end?",
    choices: [
      `Both below ${SPLIT}`,
      `First below, second above ${SPLIT}`,
      `First above, second below ${SPLIT}`,
      `Both above ${SPLIT}`,
    ],
    runs: STARTS.map((sigma) => ({
      label: `σ from ${sigma}`,
      data: "ring",
      settings: { ...FAST, likelihood: "learned", sigma },
      epochs: 60,
    })),
    conclude(results) {
      const { values, count } = results[0].data.heldOut;
      const across = Array.from({ length: count }, (_, i) =>
        Math.hypot(values[2 * i], values[2 * i + 1]),
      );
      const { deviation: noise } = measures.spreadOf(across, 0, 1, count);
      const along = [0, 1].map((d) => measures.spreadOf(values, d, 2, count).deviation);
      const ends = results.map((each) => each.last.sigma);
      const text =
        results.map(sayRun).join(" ") +
        ` The ring's noise is ${write(noise)}; the spread of its coordinates is ` +
        `${along.map((each) => write(each)).join(" and ")}.${sayFailures(results)}`;
      return { right: 2 * !(ends[0] < SPLIT) + !(ends[1] < SPLIT), text };
    },
    lesson:
      "With a large σ every error is cheap, so z is hardly worth its kl. A decoder " +
      "that ignores z then needs a large σ. A start near the data's noise avoids this.",
    chapter: "notebooks/07_loss_units",
    link: "Chapter 7: where does a learned σ settle?",
  });

  /* Says where a run of the ring ended. */
  function sayRun({ label, last, ...result }) {
    const { active } = lastOf(result).heldOut;
    const cost = sayNats(costOf(result));
    return (
      `${label} to ${write(last.sigma)}: −ELBO ${cost}, ` +
      `active dimensions ${active}.`
    );
  }
})();
