/* The toy of one dimension: its evidence, its posterior, and the terms of the bound.

   The prior is N(0, 1), the likelihood N(x; tanh(2z), s²). The sums are those of the
   chapter: 16,001 codes, and 401 values of the noise for a proposal. All in nats. */
(function () {
  "use strict";

  const LOG_TWO_PI = Math.log(2 * Math.PI);
  const GRID = spread(-8, 8, 16001);
  const NOISE = spread(-8, 8, 401);
  const [STEP, NOISE_STEP] = [0.001, 0.04];
  const WEIGHTS = NOISE.map((eps) => Math.exp(logNormal(eps, 0, 1)) * NOISE_STEP);
  const SEARCHED = 60; // halvings of the step with which the best proposal is found

  function spread(low, high, count) {
    const step = (high - low) / (count - 1);
    return Float64Array.from({ length: count }, (_, i) => low + i * step);
  }

  /* The log-density of a normal. */
  function logNormal(z, mean, sigma) {
    return -0.5 * (LOG_TWO_PI + ((z - mean) / sigma) ** 2) - Math.log(sigma);
  }

  /* The sum over codes of f(z, p(z|x)) · step. */
  function average(logPosterior, f) {
    let sum = 0;
    GRID.forEach((z, i) => {
      const log = logPosterior[i];
      const mass = Math.exp(log) * STEP;
      if (mass > 0) sum += mass * f(z, log);
    });
    return sum;
  }

  /* Makes the model of an observation x and a width s. */
  function makeModel({ x, s }) {
    const logLikelihood = (z) => logNormal(x, Math.tanh(2 * z), s);
    const logJoint = GRID.map((z) => logNormal(z, 0, 1) + logLikelihood(z));
    const area = logJoint.reduce((sum, log) => sum + Math.exp(log), 0) * STEP;
    const evidence = Math.log(area);
    const logPosterior = logJoint.map((log) => log - evidence);
    const posterior = (z) => Math.exp(logNormal(z, 0, 1) + logLikelihood(z) - evidence);

    /* nll and kl of a normal proposal. */
    function terms({ mean, sigma }) {
      let nll = 0;
      NOISE.forEach((eps, i) => {
        nll -= WEIGHTS[i] * logLikelihood(mean + sigma * eps);
      });
      const kl = 0.5 * (mean ** 2 + sigma ** 2 - 1) - Math.log(sigma);
      return { nll, kl };
    }

    /* nll and kl of the true posterior as the proposal. */
    function exactTerms() {
      const nll = -average(logPosterior, logLikelihood);
      const kl = average(logPosterior, (z, log) => log - logNormal(z, 0, 1));
      return { nll, kl };
    }

    return { evidence, exactTerms, posterior, terms };
  }

  /* Finds the normal with the largest bound: steps that shrink when none helps. */
  function findBest(model) {
    const cost = ({ mean, sigma }) => {
      const { nll, kl } = model.terms({ mean, sigma });
      return nll + kl;
    };
    let best = { mean: 0, sigma: 1 };
    let [least, step] = [cost(best), 0.5];
    for (let halvings = 0; halvings < SEARCHED && step > 1e-7;) {
      const { mean, sigma } = best;
      const near = [
        { mean: mean + step, sigma },
        { mean: mean - step, sigma },
        { mean, sigma: sigma * Math.exp(step) },
        { mean, sigma: sigma * Math.exp(-step) },
      ];
      const costs = near.map(cost);
      const index = costs.indexOf(Math.min(...costs));
      if (costs[index] < least) [best, least] = [near[index], costs[index]];
      else [step, halvings] = [step / 2, halvings + 1];
    }
    return best;
  }

  window.VAEBook.toy = { findBest, logNormal, makeModel };
})();
