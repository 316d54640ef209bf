/* Findings about networks and codes: dead units, collapse, no prior.

   Each function gets { settings, data, epochs, last }, complete settings and all
   records of a run, and returns { id, topic, text }, or null where it has nothing to
   say. Their thresholds are from runs of 4,000 digits of 14 × 14 pixels, with 64 hidden
   units. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { sayCount, sayNats } = book.measures;
  // A dimension that is about to die, or to wake, changes sides from one epoch to the
  // next: it is named only where so many records agree.
  const STEADY = 2;
  const NO_KL = 0.1; // nats a dimension: collapsed ones have 0.02 or less
  const DEAD_SHARE = 0.65; // of a layer; of digits, up to 0.55 are dead, and do no harm

  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const nameExample = ({ side }) => (side ? "image" : "point");

  /* Units that are zero for every example: a whole hidden layer, or most of one. */
  function findDead({ data, last }) {
    const share = ({ dead, units }) => dead / units;
    const [worst] = [...last.heldOut.dead].sort((a, b) => share(b) - share(a));
    if (!worst || share(worst) < DEAD_SHARE) return null;
    const zero = `zero for every ${nameExample(data)}`;
    const units = `units of the hidden layer “${worst.name}” are dead`;
    if (worst.dead === worst.units)
      return {
        id: "deadLayer",
        topic: "dead",
        text:
          `All ${worst.units} ${units}: they are ${zero}. Nothing gets past this ` +
          "layer, and without gradients it seldom comes back.",
      };
    return {
      id: "dead",
      topic: "dead",
      text:
        `${worst.dead} of ${worst.units} ${units}: they are ${zero}. Without ` +
        "gradients they seldom come back; the others do the work.",
    };
  }

  /* How many dimensions are active, if it has been the same for long enough. */
  function countActive(epochs) {
    const counts = epochs.slice(-STEADY).map(({ heldOut }) => heldOut.active);
    return new Set(counts).size === 1 ? counts[0] : null;
  }

  /* Dimensions whose mean is the same for every example. */
  function findCollapse({ settings, data, epochs, last }) {
    const active = countActive(epochs);
    const all = settings.latentDim;
    if (active === null || active === all) return null;
    const example = nameExample(data);
    if (settings.mode === "ae") return sayConstant(active, all, example);
    if (active > 0) return saySome(active, all, example);
    const kl = `${sayNats(last.heldOut.kl)} nats`;
    const isPrior = last.heldOut.kl <= NO_KL * all;
    const text = isPrior
      ? `No dimension is active: q(z|x) is nearly the prior for every ${example}, ` +
        `and kl is ${kl}. The decoder learns nothing from z: posterior collapse.`
      : `No dimension is active: q(z|x) is nearly the same for every ${example}. Yet kl is ` +
        `${kl}, paid for a code that says next to nothing.`;
    return { id: isPrior ? "collapse" : "uselessKl", topic: "collapse", text };
  }

  /* Says how many dimensions of several are active. */
  function saySome(active, all, example) {
    const rest = all - active;
    const others =
      rest === 1
        ? "the other has collapsed: its"
        : `the other ${sayCount(rest)} have collapsed: their`;
    const text =
      `${capital(sayCount(active))} of ${sayCount(all)} dimensions ` +
      `${active === 1 ? "is" : "are"} active; ${others} q(z|x) is nearly the prior ` +
      `for every ${example}.`;
    return { id: "someCollapse", topic: "collapse", text };
  }

  /* Says how many numbers of an autoencoder's code do not vary. */
  function sayConstant(active, all, example) {
    const rest = all - active;
    const text =
      `${capital(sayCount(rest))} of the code's ${sayCount(all)} numbers ` +
      `${rest === 1 ? "is" : "are"} nearly the same for every ${example}.`;
    return { id: "constantCode", topic: "dead", text };
  }

  /* No prior, or nothing that keeps codes near it. */
  function findNoPrior({ settings, last }) {
    const text = "Pictures decoded from N(0, I) need not look like data.";
    const topic = "autoencoder";
    if (settings.mode === "ae")
      return {
        id: "autoencoder",
        topic,
        text: `An autoencoder has no prior: nothing says where its codes lie. ${text}`,
      };
    if (settings.beta > 0) return null;
    const kl = `${sayNats(last.heldOut.kl)} nats`;
    return {
      id: "noKl",
      topic,
      text: `β is 0, so nothing keeps q(z|x) near the prior, and kl is ${kl}. ${text}`,
    };
  }

  Object.assign(book, {
    networkFindings: { findCollapse, findDead, findNoPrior },
    nameExample,
  });
})();
