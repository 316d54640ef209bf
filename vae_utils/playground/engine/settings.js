/* The settings of a run, and what each of them takes. */
(function () {
  "use strict";

  const { BUGS } = self.VAEBook.playground;
  const DEFAULTS = {
    inputs: 196, // numbers in an example, such as pixels
    hidden: [64], // widths of the encoder's hidden layers; the decoder mirrors them
    latentDim: 2,
    mode: "vae", // or "ae": a plain autoencoder, whose code is a point
    likelihood: "bernoulli", // "gaussian", or "learned": a Gaussian whose σ is trained
    output: "sigmoid", // a Gaussian's mean; "linear" for numbers that are not pixels
    sigma: 0.5, // of a Gaussian; where it is trained, its start
    binarise: null, // whether pixels are drawn as 0 or 1, anew in every epoch: true or
    // false; null if the likelihood is Bernoulli
    beta: 1,
    warmUp: 0, // epochs in which β grows from 0, in a straight line
    learningRate: 0.003,
    batchSize: 100,
    bugs: [],
    seed: 0,
  };
  const CHOICES = {
    mode: ["vae", "ae"],
    likelihood: ["bernoulli", "gaussian", "learned"],
    output: ["sigmoid", "linear"],
    binarise: [true, false],
  };
  const COUNTS = ["inputs", "latentDim", "batchSize"];
  const LARGEST = 10000; // of any count: more would fill the memory
  const WIDEST = 1024; // hidden units: more would hold up a browser
  // These can change while a model trains; the others need a new one.
  const LIVE = ["beta", "bugs", "learningRate", "warmUp"];

  /* Throws an error with the name of its setting, so that a page can mark the field. */
  function refuse(name, value, demand) {
    const received = `${name}=${JSON.stringify(value)}`;
    const error = new RangeError(`${name} must be ${demand}. Received: ${received}`);
    error.setting = name;
    throw error;
  }

  const isCount = (value) => Number.isInteger(value) && value > 0 && value <= LARGEST;
  const isWidth = (value) => isCount(value) && value <= WIDEST;

  function checkNumber(name, value, isAllowed, demand) {
    if (!(Number.isFinite(value) && isAllowed)) refuse(name, value, demand);
  }

  /* Completes settings with the defaults, and checks them. */
  function complete(given) {
    const settings = { ...DEFAULTS, ...given };
    settings.binarise ??= settings.likelihood === "bernoulli";
    const { hidden, sigma, beta, warmUp, learningRate, bugs, seed } = settings;
    const unknown = Object.keys(settings).find((name) => !(name in DEFAULTS));
    if (unknown)
      refuse(unknown, settings[unknown], "left out: there is no such setting");
    for (const [name, choices] of Object.entries(CHOICES))
      if (!choices.includes(settings[name]))
        refuse(name, settings[name], `one of ${choices.join(", ")}`);
    for (const name of COUNTS)
      if (!isCount(settings[name]))
        refuse(name, settings[name], `a whole number from 1 to ${LARGEST}`);
    if (!Array.isArray(hidden) || hidden.length > 2 || !hidden.every(isWidth))
      refuse("hidden", hidden, `up to two widths from 1 to ${WIDEST}`);
    if (!Array.isArray(bugs) || !bugs.every((name) => BUGS.includes(name)))
      refuse("bugs", bugs, `names among ${BUGS.join(", ")}`);
    checkNumber("sigma", sigma, sigma > 0, "a number above 0");
    checkNumber("beta", beta, beta >= 0, "a number, 0 or more");
    checkNumber("warmUp", warmUp, warmUp >= 0, "a number of epochs, 0 or more");
    checkNumber("learningRate", learningRate, learningRate > 0, "a number above 0");
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
      refuse("seed", seed, "a whole number from 0 to 4294967295");
    return settings;
  }

  /* Says whether a run can make these changes while it trains. */
  const isLive = (changes) => Object.keys(changes).every((name) => LIVE.includes(name));

  /* Changes settings of a run. */
  function change(settings, changes) {
    const fixed = Object.keys(changes).find((name) => !isLive({ [name]: null }));
    if (fixed) refuse(fixed, changes[fixed], "set before the start: configure anew");
    return complete({ ...settings, ...changes });
  }

  Object.assign(self.VAEBook.playground, { DEFAULTS, change, complete, isLive });
})();
