/* What the network makes of a hand: which digit it is, and all ten in the same style. */
(function () {
  "use strict";

  const book = (window.VAEBook ??= {});
  const NAME = "hand";
  const DRAWS = 1; // the mean of q(z|x) finds as many test digits as 64 codes do
  const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

  /* Finds the digit with which the network explains pixels best: smallest −ELBO. */
  function findDigit(pixels) {
    const costs = DIGITS.map((digit) => {
      const { nll, kl } = book.measure(NAME, pixels, digit, DRAWS);
      return nll + kl;
    });
    return costs.indexOf(Math.min(...costs));
  }

  /* Writes the digits 0 to 9 (means) with the code of pixels that show a digit. */
  function writeTen(pixels, digit) {
    const { mean } = book.encode(NAME, pixels, digit);
    return DIGITS.map((each) => book.decode(NAME, mean, each));
  }

  book.hand = { DIGITS, findDigit, writeTen };
})();
