/* Findings about scores: a loss that is not nll + β kl, an nll that cannot be, and
   overfitting. What the functions get and return is in network_findings.js. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { nameExample } = book;
  const { sayNats } = book.measures;
  const OFF = 0.005; // relative: without a bug, loss = nll + β kl holds to 1e-6
  const UNLIKE = [3, 0.05]; // nats, and relative: nll as scored, minus nll as reported;
  // without a bug it was below 1 in all runs
  const STEADY = 2; // records in a row that differ by so much
  const COIN = 0.97; // of the nll of probability ½; collapsed digits have 0.39 of it
  const RISING = 4; // epochs since the best held-out −ELBO
  const RISE = 0.005; // of what the run has gained: −ELBO goes up and down by 0.003

  const LEAST = 0.1; // nats: less cannot be seen

  const costOf = ({ nll, kl }) => nll + kl;

  /* The reported loss is not nll + β kl. β may have changed within the epoch. */
  function findLoss({ epochs, last }) {
    const { loss, nll, kl } = last.trained;
    const sums = [last.beta, epochs.at(-2).beta].map((beta) => nll + beta * kl);
    const slack = OFF * Math.max(Math.abs(nll), Math.abs(kl));
    const isLess = loss < Math.min(...sums) - slack;
    if (!isLess && !(loss > Math.max(...sums) + slack)) return null;
    return {
      id: "loss",
      topic: "loss",
      text:
        `Training reports a loss of ${sayNats(loss)}, but nll + β · kl is ` +
        `${sayNats(sums[0])} nats.`,
    };
  }

  /* What training reports and what correct scoring finds on the same examples differ. */
  function findScoring({ epochs, data, last }) {
    const isOff = ({ trained, training }) =>
      trained &&
      training.nll - trained.nll >
        Math.max(UNLIKE[0], UNLIKE[1] * Math.abs(trained.nll));
    if (!epochs.slice(-STEADY).every(isOff)) return null;
    return {
      id: "scoring",
      topic: "scoring",
      text:
        `Training reports an nll of ${sayNats(last.trained.nll)} nats. Correct ` +
        `scoring of training ${nameExample(data)}s with the same networks gives ` +
        `${sayNats(last.training.nll)}.`,
    };
  }

  /* An nll that pixels of 0 and 1 cannot have, or that needs no decoder. */
  function findNll({ settings, last }) {
    if (settings.likelihood !== "bernoulli") return null;
    const { nll } = last.heldOut;
    const coin = settings.inputs * Math.log(2);
    if (nll < 0)
      return {
        id: "negative",
        topic: "nll",
        text:
          `nll is ${sayNats(nll)} nats. No probability exceeds 1, so the nll of ` +
          "pixels that are 0 or 1 cannot be negative.",
      };
    if (nll < COIN * coin) return null;
    return {
      id: "coin",
      topic: "nll",
      text:
        `nll is ${sayNats(nll)} nats. Probability ½ for each of ${settings.inputs} ` +
        `pixels costs ${sayNats(coin)}: the decoder is of no use.`,
    };
  }

  /* Held-out −ELBO has been rising for some epochs, while that of training fell. */
  function findOverfitting({ settings, epochs, data, last }) {
    const held = epochs.map(({ heldOut }) => costOf(heldOut));
    const best = held.indexOf(Math.min(...held));
    const limit = held[best] + Math.max(LEAST, RISE * (held[0] - held[best]));
    if (held.length - 1 - best < RISING) return null;
    if (!held.slice(1 - RISING).every((cost) => cost > limit)) return null;
    if (!(costOf(last.training) < costOf(epochs[best].training))) return null;
    const cost = settings.mode === "ae" ? "nll" : "−ELBO";
    const name = nameExample(data);
    return {
      id: "overfitting",
      topic: "overfitting",
      text:
        `Overfitting: ${cost} of held-out ${name}s has risen from ` +
        `${sayNats(held[best])} nats (epoch ${epochs[best].epoch}) to ` +
        `${sayNats(held.at(-1))}, while that of training ${name}s fell.`,
    };
  }

  book.scoreFindings = { findLoss, findNll, findOverfitting, findScoring };
})();
