/* Random numbers with a seed: the same ones in every browser.

   The generator is sfc32 (Chris Doty-Humphrey, PractRand): four words of 32 bits. It is
   started with several integers, such as [seed, purpose, epoch], so that what is random
   in an epoch depends on nothing that happened before it. */
(function () {
  "use strict";

  const { log } = self.VAEBook.playground;
  const WARM = 15; // words thrown away, after which all bits of the key have spread

  /* Mixes an integer into 32 bits: the finaliser of MurmurHash3. */
  function mix(hash, word) {
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  }

  /* Makes a generator from integers. */
  function makeGenerator(...key) {
    let [a, b, c, counter] = [1, 2, 3, 1].map((start) => key.reduce(mix, start));
    let spare = NaN; // normal numbers come in pairs

    /* 32 bits, as an integer. */
    function bits() {
      const word = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (c << 21) | (c >>> 11);
      c = (c + word) | 0;
      return word >>> 0;
    }

    /* A number in [0, 1), a multiple of 2^-32. */
    const uniform = () => bits() / 4294967296;

    /* A number from N(0, 1), by the polar method of Marsaglia. */
    function normal() {
      if (spare === spare) {
        const kept = spare;
        spare = NaN;
        return kept;
      }
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const square = x * x + y * y;
        if (square >= 1 || square === 0) continue;
        const factor = Math.sqrt((-2 * log(square)) / square);
        spare = y * factor;
        return x * factor;
      }
    }

    /* Puts integers below their number into a random order (Fisher and Yates). */
    function shuffle(places) {
      for (let i = places.length - 1; i > 0; i--) {
        const k = Math.floor(uniform() * (i + 1));
        [places[i], places[k]] = [places[k], places[i]];
      }
      return places;
    }

    /* Fills the first numbers of an array from N(0, 1). */
    function fillNormal(values, count = values.length) {
      for (let i = 0; i < count; i++) values[i] = normal();
      return values;
    }

    for (let i = 0; i < WARM; i++) bits();
    return { bits, fillNormal, normal, shuffle, uniform };
  }

  self.VAEBook.playground.makeGenerator = makeGenerator;
})();
