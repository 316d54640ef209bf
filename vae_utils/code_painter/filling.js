/* Draws codes for the empty cells, one after another, from one of two priors. */
(function () {
  "use strict";

  const { still } = window.VAEBook.elements;
  const { EMPTY, choose } = window.VAEBook.painter;
  const PAUSE = 40; // milliseconds between two codes
  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

  /* Makes the filling of a board. predict(codes) computes costs; shown(costs, place) is
     called after each code, unless the reader wants no motion. */
  function makeFilling(board, count, predict, shown) {
    let running = null; // a new object for each run

    /* Draws the code of a cell. */
    function draw(place, isLearned, number) {
      const costs = predict(board.codes);
      const code = isLearned
        ? choose(costs, count, place, number)
        : Math.floor(number * count);
      board.set(place, code, true);
      if (!still()) shown(costs, place);
    }

    /* Fills the empty cells; returns how many, or null if it was stopped. */
    async function start(isLearned, seed) {
      const own = (running = {});
      const uniform = window.VAEBook.makeUniform(seed);
      let drawn = 0;
      for (;;) {
        const place = board.codes.indexOf(EMPTY);
        if (place < 0) break;
        await wait(still() ? 0 : PAUSE);
        if (running !== own) return null;
        draw(place, isLearned, uniform());
        drawn++;
      }
      running = null;
      return drawn;
    }

    return {
      start,
      stop: () => (running = null),
      get isRunning() { return running !== null; },
    }; // prettier-ignore
  }

  Object.assign(window.VAEBook.painter, { makeFilling });
})();
