/* Random numbers that are the same at every visit. */
(function () {
  "use strict";

  /* Makes a function that returns uniform numbers between 0 and 1 (mulberry32). */
  window.VAEBook ??= {};
  window.VAEBook.makeUniform = function (seed) {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  };
})();
