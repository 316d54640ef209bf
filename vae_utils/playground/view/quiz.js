/* Which bug is on? Five runs, each of which may have a bug that its numbers show. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { FAST } = book.experimentParts;
  const { lastOf, sayNats, sayCount } = book.measures;
  const ROUNDS = 5;
  const EPOCHS = 3;
  const SEEDS = 1000; // a run's seed is one of so many
  const EXACT = 0.02; // relative: factors in the loss are exact but for rounding
  const UNLIKE = 3; // nats of nll, as scored minus as reported; below 1 without a bug

  const near = (value, wanted) => Math.abs(value - wanted) <= EXACT * Math.abs(wanted);
  /* What kl is multiplied by in the reported loss, if nll has the factor 1. */
  const klFactor = ({ loss, nll, kl }) => (loss - nll) / kl;
  const coin = (settings) => settings.inputs * Math.log(2);

  /* How the loss relates to its terms, in words. */
  function sayFactor(trained, wanted) {
    const rest = sayNats(trained.loss - trained.nll);
    return (
      `The reported loss is nll + ${rest}, while kl is ${sayNats(trained.kl)} nats: ` +
      `kl is counted ${klFactor(trained).toFixed(2)} times. ${wanted}`
    );
  }

  /* nll as the training loop reports it, and as correct scoring finds it for the same images. */
  function sayNoise({ trained, training }, kind) {
    return (
      `Training reports nll ${sayNats(trained.nll)}. With correct draws, training ` +
      `images cost ${sayNats(training.nll)} nats. ${kind}`
    );
  }

  /* What each choice means: the bugs behind it, whether a record shows it, and how. The
     two bugs of the noise cannot be told apart: kl draws log σ² to 0, and then both
     train without noise. */
  const KINDS = [
    {
      choice: "No bug",
      bugs: [null],
      shows: (...given) => !KINDS.slice(1).some(({ shows }) => shows(...given)),
      say: ({ trained, heldOut }) =>
        `The reported loss, ${sayNats(trained.loss)}, is nll + kl (` +
        `${sayNats(trained.nll)} and ${sayNats(trained.kl)} nats). Correct scoring ` +
        `agrees: nll of held-out images is ${sayNats(heldOut.nll)}.`,
    },
    {
      choice: "nll is a mean over pixels",
      bugs: ["meanOverPixels"],
      shows: ({ trained }, { inputs }) =>
        near(trained.loss - trained.kl, trained.nll / inputs),
      say: ({ trained, heldOut }) =>
        `The reported loss is ${sayNats(trained.loss)}, while nll is ` +
        `${sayNats(trained.nll)} nats: ` +
        `${Math.round(trained.nll / (trained.loss - trained.kl))} times the loss ` +
        `less kl. ${sayActive(heldOut)}`,
    },
    {
      choice: "kl is a mean over dimensions",
      bugs: ["meanOverDimensions"],
      shows: ({ trained }, { latentDim }) => near(klFactor(trained), 1 / latentDim),
      say: ({ trained }) => sayFactor(trained, "It should be summed."),
    },
    {
      choice: "kl lacks its factor ½",
      bugs: ["forgottenHalf"],
      shows: ({ trained }) => near(klFactor(trained), 2),
      say: ({ trained }) => sayFactor(trained, "It should be counted once."),
    },
    {
      choice: "Noise of z missing or wrong",
      bugs: ["samplingOff", "sigmaForLogVar"],
      shows: ({ trained, training }) => training.nll - trained.nll > UNLIKE,
      say: (record, _, bug) =>
        sayNoise(
          record,
          bug === "samplingOff"
            ? "In training, z was μ, without noise."
            : "In training, log σ² was taken for σ: where it is 0, there is no noise.",
        ),
    },
    {
      choice: "One sigmoid too many",
      bugs: ["sigmoidTwice"],
      shows: ({ heldOut }, settings) => near(heldOut.nll, coin(settings)),
      say: ({ heldOut }, settings) =>
        `nll of held-out images stays at ${sayNats(heldOut.nll)} nats, while ` +
        `probability ½ for each of ${settings.inputs} pixels costs ` +
        `${sayNats(coin(settings))}. After a second sigmoid, no probability is below ` +
        "½.",
    },
    {
      choice: "Pixels from 0 to 255",
      bugs: ["bytes"],
      shows: ({ trained }) => trained.nll < 0,
      say: ({ trained }) =>
        `The reported nll is ${sayNats(trained.nll)} nats. The nll of pixels that ` +
        "are 0 or 1 cannot be negative: these reach 255.",
    },
  ];

  function sayActive({ active, klPerDimension }) {
    const all = sayCount(klPerDimension.length);
    const some =
      active > 1 ? `${sayCount(active)} are` : `${active ? "one" : "none"} is`;
    return `Of ${all} dimensions, ${some} active.`;
  }

  /* Makes the round of a kind; `bug` is one of its bugs, or null. */
  function makeRound(right, bug, seed, number) {
    const kind = KINDS[right];
    const settings = { ...FAST, seed, bugs: bug ? [bug] : [] };
    const label = `network ${number}`;
    return {
      task:
        `Network ${number} of ${ROUNDS}: it has a bug, or none. Run it first. Then compare ` +
        "what its training reports with correct scoring, look at the pictures, and " +
        "choose. Without a bug, loss = nll + kl, both in nats.",
      choices: KINDS.map(({ choice }) => choice),
      runs: [{ label, data: "digits", settings, epochs: EPOCHS, secret: true }],
      runFirst: true,
      conclude: ([result]) => ({ right, text: explain(kind, bug, result) }),
    };
  }

  /* Says how a run gives its kind away, if it does. */
  function explain(kind, bug, result) {
    const record = lastOf(result);
    const settings = book.complete({ ...result.data.settings, ...result.settings });
    const name = `It was: ${kind.choice[0].toLowerCase()}${kind.choice.slice(1)}.`;
    if (!record.trained) return `${name} The run was too short to show it.`;
    if (result.failure)
      return `${name} Training failed at step ${result.failure.step}.`;
    if (!kind.shows(record, settings)) return `${name} This run hardly shows it.`;
    return kind.say(record, settings, bug);
  }

  /* Makes the quiz; another seed draws other bugs in another order. */
  function makeQuiz(seed) {
    const generator = book.makeGenerator(seed, book.PURPOSES.order);
    const draw = (count) => Math.floor(generator.uniform() * count);
    const order = generator.shuffle(KINDS.map((_, i) => i)).slice(0, ROUNDS);
    const rounds = order.map((right, i) => {
      const { bugs } = KINDS[right];
      return makeRound(right, bugs[draw(bugs.length)], draw(SEEDS), i + 1);
    });
    return {
      id: "quiz",
      title: "Which bug is on?",
      rounds,
      lesson:
        "A training loop trusts its own loss. A separate, correct scoring, in " +
        "nats, shows what the loss hides.",
      chapter: "notebooks/02_fc_vae",
      link: "Chapter 2: one mean too many",
      renew: makeQuiz,
    };
  }

  const seed = Math.floor(Math.random() * 2 ** 32);
  book.EXPERIMENTS.splice(1, 0, makeQuiz(seed));
  Object.assign(book, { QUIZ_KINDS: KINDS, makeQuiz });
})();
