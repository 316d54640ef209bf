/* exp, log, tanh and the sigmoid, from operations that the language defines exactly.

   Math.exp and its like may differ between browsers in the last bit, and training makes
   small differences large. What is below uses +, −, ×, ÷ and floor only, so that a link
   to a run shows everyone the same run. Errors are below 1e-12, relative. */
(function () {
  "use strict";

  const ONE_OVER_LOG_2 = 1.4426950408889634;
  const [LOG_2_HIGH, LOG_2_LOW] = [0.6931471803691238, 1.9082149292705877e-10];
  const [LOWEST, HIGHEST] = [-708, 709]; // beyond, exp is 0 or infinite
  const FIRST = -1022; // exponent of the first of the powers of two
  const POWERS = new Float64Array(2046);
  POWERS[-FIRST] = 1;
  for (let k = 1; k <= 1023; k++) POWERS[k - FIRST] = 2 * POWERS[k - 1 - FIRST];
  for (let k = -1; k >= FIRST; k--) POWERS[k - FIRST] = POWERS[k + 1 - FIRST] / 2;

  // The bits of a number: the word with its exponent is the second, but for old machines.
  const double = new Float64Array([1]);
  const words = new Uint32Array(double.buffer);
  const HIGH = words[1] === 0 ? 0 : 1;

  /* e^x = 2^k · e^r with |r| ≤ log 2 / 2, and e^r is its Taylor series. */
  function exp(x) {
    if (!(x >= LOWEST)) return x < LOWEST ? 0 : x; // NaN stays NaN
    if (x > HIGHEST) return Infinity;
    const k = Math.floor(x * ONE_OVER_LOG_2 + 0.5);
    const r = x - k * LOG_2_HIGH - k * LOG_2_LOW;
    let sum = 1 / 3628800 + r / 39916800; // 1 / 10! and r / 11!
    sum = 1 / 362880 + r * sum;
    sum = 1 / 40320 + r * sum;
    sum = 1 / 5040 + r * sum;
    sum = 1 / 720 + r * sum;
    sum = 1 / 120 + r * sum;
    sum = 1 / 24 + r * sum;
    sum = 1 / 6 + r * sum;
    sum = 1 / 2 + r * sum;
    return (1 + r * (1 + r * sum)) * POWERS[k - FIRST];
  }

  /* log x = k log 2 + log m with m near 1, and log m is the series of 2 artanh. */
  function log(x) {
    if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN;
    double[0] = x;
    let k = ((words[HIGH] >>> 20) & 2047) - 1023;
    words[HIGH] = (words[HIGH] & 0xfffff) | (1023 << 20); // the same bits, in [1, 2)
    let m = double[0];
    if (m > 1.4142135623730951) [m, k] = [m / 2, k + 1];
    const s = (m - 1) / (m + 1);
    const square = s * s;
    let sum = 1 / 13 + square / 15;
    for (let n = 11; n > 0; n -= 2) sum = 1 / n + square * sum;
    return k * LOG_2_LOW + 2 * s * sum + k * LOG_2_HIGH;
  }

  const tanh = (x) => 1 - 2 / (exp(2 * x) + 1);
  const sigmoid = (x) => 1 / (1 + exp(-x));

  self.VAEBook ??= {};
  self.VAEBook.playground = { exp, log, sigmoid, tanh };
})();
