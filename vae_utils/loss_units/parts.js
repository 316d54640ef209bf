/* Words and elements of the calculator. */
(function () {
  "use strict";

  const SMALL = 1e-9; // 784 / 784 may be off by a rounding
  const THOUSANDS = /^[1-9]\d{0,2}(,\d{3})+$/;
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {}))
      node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  /* Reads a number, 12,288, or products and quotients of numbers from left to right,
     64 * 64 * 3; what is none stays text, for an error. */
  function readNumber(text) {
    const parts = text.split(/([*×/])/).map((part) => part.trim());
    const numbers = parts.map((part) =>
      THOUSANDS.test(part) ? part.replaceAll(",", "") : part,
    );
    if (!numbers.every((part, i) => i % 2 || NUMBER.test(part))) return text.trim();
    let result = Number(numbers[0]);
    for (let i = 1; i < numbers.length; i += 2)
      result = numbers[i] === "/" ? result / numbers[i + 1] : result * numbers[i + 1];
    return result;
  }

  /* Writes a number as short as four digits allow; whole ones whole. */
  function write(value) {
    const whole = Number.isInteger(value) && value < 1e9;
    return String(whole ? value : Number(value.toPrecision(4)));
  }

  /* Says what a β does, in one sentence. */
  function describe(beta) {
    if (beta === 0)
      return "No KL at all: a noisy autoencoder, whose codes may lie far from the prior.";
    if (Math.abs(beta - 1) < SMALL)
      return "The two terms weigh what they weigh in the ELBO.";
    if (beta < 1)
      return (
        "The KL weighs less than in the ELBO: reconstructions get better, and samples " +
        "from the prior worse."
      );
    return (
      "The KL weighs more than in the ELBO: reconstructions get blurrier, and " +
      "dimensions of z may collapse to the prior."
    );
  }

  /* Says how the same loss reads as an ELBO, which only squared errors allow. */
  function describeSigma(settings, beta) {
    if (settings.reconstruction !== "squared_error" || beta === 0) return "";
    const sigma = write(window.VAELossUnits.impliedSigma(beta));
    return (
      "This is for a Gaussian with σ² = ½, whose nll is the squared error. The same " +
      `loss is an ELBO, β = 1, of a Gaussian with σ = ${sigma}.`
    );
  }

  /* Writes the call that computes the same in Python. */
  function writeCall(settings) {
    const { DEFAULTS } = window.VAELossUnits;
    const given = Object.entries(settings).filter(([k, v]) => v !== DEFAULTS[k]);
    const written = given.map(([k, v]) => `${k}=${JSON.stringify(v)}`);
    return `effective_beta(${written.join(", ")})`;
  }

  const parts = { describe, describeSigma, make, readNumber, write, writeCall };
  Object.assign(window.VAELossUnits, parts);
})();
