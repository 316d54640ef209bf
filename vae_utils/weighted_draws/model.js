/* Importance sampling of one image: log p(x, z) from a table, draws of q, their weights.

   The noise is the same at every visit: moving q moves the same draws. All in nats. */
(function () {
  "use strict";

  const LOG_TWO_PI = Math.log(2 * Math.PI);
  const MOST = 1000; // draws
  const SEED = 20;
  const STEPS = 100; // of a nat, in the table
  const NOISE = makeNoise(2 * MOST);

  /* Makes numbers of N(0, 1), two from two uniform ones (Box and Muller). */
  function makeNoise(count) {
    const uniform = window.VAEBook.makeUniform(SEED);
    const noise = new Float64Array(count);
    for (let i = 0; i < count; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      noise[i] = radius * Math.cos(angle);
      noise[i + 1] = radius * Math.sin(angle);
    }
    return noise;
  }

  /* Makes the plane of an image: its table, and log p(x, z) between its points. */
  function makePlane({ steps, side, low, high, highest }) {
    const bytes = Uint8Array.from(atob(steps), (letter) => letter.charCodeAt(0));
    const table = Float64Array.from(new Int16Array(bytes.buffer), (v) => v / STEPS);
    const place = (z, axis) => {
      const share = (z - low[axis]) / (high[axis] - low[axis]);
      return Math.max(0, Math.min(1, share)) * (side - 1); // beyond the edge, the edge
    };

    function logJoint(z1, z2) {
      const [x, y] = [place(z1, 0), place(z2, 1)];
      const [i, j] = [x, y].map((v) => Math.min(Math.floor(v), side - 2));
      const [a, b] = [x - i, y - j];
      const row = (r) => (1 - a) * table[r * side + i] + a * table[r * side + i + 1];
      return highest + (1 - b) * row(j) + b * row(j + 1);
    }

    return { logJoint, low, high, side, table };
  }

  /* Draws `count` codes of q = {mean, sigma}, and weighs them.

     Returns the codes; the share of all weights that each has; the estimates of
     −log p(x) from the first 1, 2, … draws; the effective sample size. */
  function weigh(plane, { mean, sigma }, count) {
    const codes = [];
    const logWeights = [];
    for (let k = 0; k < count; k++) {
      const eps = [NOISE[2 * k], NOISE[2 * k + 1]];
      const z = eps.map((e, j) => mean[j] + sigma[j] * e);
      const logQ = eps.reduce(
        (sum, e, j) => sum - 0.5 * (LOG_TWO_PI + e * e) - Math.log(sigma[j]),
        0,
      );
      codes.push(z);
      logWeights.push(plane.logJoint(...z) - logQ);
    }
    const largest = Math.max(...logWeights);
    let [sum, squares] = [0, 0];
    const estimates = logWeights.map((log, k) => {
      const weight = Math.exp(log - largest);
      sum += weight;
      squares += weight * weight;
      // Early draws may weigh nothing compared with the largest one.
      return sum > 0 ? Math.log(k + 1) - largest - Math.log(sum) : Infinity;
    });
    const shares = logWeights.map((log) => Math.exp(log - largest) / sum);
    return { codes, shares, estimates, ess: (sum * sum) / squares };
  }

  window.VAEBook.draws = { MOST, NOISE, makePlane, weigh };
})();
