/* What am I seeing? Sentences about a run, with its numbers, only where they apply. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { sayNats, saySum } = book.measures;
  const { findCollapse, findDead, findNoPrior } = book.networkFindings;
  const { findLoss, findNll, findOverfitting, findScoring } = book.scoreFindings;
  const MOST = 3; // findings at a time
  const EARLY = 2; // epochs, before which nothing is judged
  const SPAN = 3; // epochs over which progress is averaged: single ones go up and down
  // Shares of what the run has gained so far, in an epoch:
  const FAST = 0.02; // about 2 nats of 88, as in the first 4 epochs
  const SLOW = 0.003; // 0.3 nats, by which −ELBO goes up and down anyway
  const WORSE = -0.01; // the ring's −ELBO goes up and down by nearly so much
  const IN_ORDER = [
    findLoss, findNll, findScoring, findCollapse, findOverfitting, findDead,
    findNoPrior,
  ]; // prettier-ignore

  const WRONG = ["collapse", "nll", "overfitting", "scoring"];

  const CHAPTERS = {
    autoencoder: [
      "notebooks/01_theory",
      "Chapter 1: ask an autoencoder for new digits",
    ],
    collapse: ["notebooks/07_loss_units", "Chapter 7: see what a β does"],
    dead: ["notebooks/04_cvae", "Chapter 4: dead filters"],
    failure: ["notebooks/01_theory", "Chapter 1: let networks return any number"],
    loss: ["notebooks/07_loss_units", "Chapter 7: find the β of a recipe"],
    overfitting: ["notebooks/02_fc_vae", "Chapter 2: train it"],
    nll: [
      "notebooks/07_loss_units",
      "Chapter 7: know the floor of binary cross-entropy",
    ],
    scoring: ["notebooks/01_theory", "Chapter 1: send gradients through a random step"],
  };

  /* Adds the chapter that explains a finding's topic. */
  function addChapter({ id, text, topic }) {
    const [chapter, link] = CHAPTERS[topic] ?? [null, null];
    return { id, text, chapter, link };
  }

  /* Training has failed: a term was no finite number. */
  function sayFailure({ step, term, goodStep }) {
    const what = term === "weights" ? "a weight" : term;
    const text =
      `Training failed at step ${step}: ${what} became NaN or infinite. Go back to ` +
      `step ${goodStep}, and try a smaller learning rate.`;
    return { id: "failure", text, topic: "failure" };
  }

  /* Says what held-out data cost. An autoencoder's nll is no bound. */
  function sayCost({ mode }, { nll, kl }) {
    return mode === "ae"
      ? `nll of held-out data is ${sayNats(nll)} nats.`
      : `nll + kl = −ELBO of held-out data is ${saySum({ nll, kl })} nats.`;
  }

  /* How training goes on: what there is to say in any case. */
  function sayPace({ settings, epochs, last, step }) {
    if (epochs.length < 2) {
      const text = step
        ? "Training has just begun: the numbers come after the first epoch."
        : "Nothing has been learned yet: all weights are random.";
      return { id: "begun", text };
    }
    const held = epochs.map(({ heldOut }) => heldOut.nll + heldOut.kl);
    const span = Math.min(SPAN, held.length - 1);
    const gain = held[0] - Math.min(...held);
    const share = (held.at(-1 - span) - held.at(-1)) / span / gain;
    const now = sayCost(settings, last.heldOut);
    if (share > FAST) return { id: "fast", text: `Still improving fast: ${now}` };
    if (share > SLOW) return { id: "slow", text: `Improving slowly: ${now}` };
    if (share >= WORSE)
      return { id: "settled", text: `Little changes from epoch to epoch: ${now}` };
    return { id: "worse", text: `It is getting worse: ${now}` };
  }

  /* Lists what there is to say about a run, { id, text, chapter, link }, the most
     important first. `epochs` are all its records, `step` is how far it has come. */
  function listFindings({ settings, data, epochs, failure, step }) {
    if (failure) return [addChapter(sayFailure(failure))];
    const full = book.complete({ ...data.settings, ...settings });
    const run = { settings: full, data, epochs, step, last: epochs.at(-1) };
    const isJudged = run.last.trained && epochs.length > EARLY;
    const found = isJudged ? IN_ORDER.map((find) => find(run)).filter(Boolean) : [];
    // How fast a run improves says little where something is wrong with it.
    const isWrong = found.some(({ topic }) => WRONG.includes(topic));
    const all = isWrong ? found : [...found.slice(0, MOST - 1), sayPace(run)];
    return all.slice(0, MOST).map(addChapter);
  }

  book.listFindings = listFindings;
})();
