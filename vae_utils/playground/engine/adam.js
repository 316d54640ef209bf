/* Adam as Keras computes it: float32, ε beside the square root, corrected rates. */
(function () {
  "use strict";

  const [BETA_1, BETA_2, EPSILON] = [Math.fround(0.9), Math.fround(0.999), 1e-7];

  /* Makes the optimiser of so many weights. */
  function makeAdam(size) {
    const [means, squares] = [new Float32Array(size), new Float32Array(size)];
    const powers = [1, 1]; // of both betas: their product over all steps so far

    /* Moves the weights against their slopes. */
    function update(weights, slopes, rate) {
      powers[0] *= BETA_1;
      powers[1] *= BETA_2;
      const step = (rate * Math.sqrt(1 - powers[1])) / (1 - powers[0]);
      for (let i = 0; i < size; i++) {
        const slope = slopes[i];
        const mean = means[i] + (slope - means[i]) * (1 - BETA_1);
        const square = squares[i] + (slope * slope - squares[i]) * (1 - BETA_2);
        means[i] = mean;
        squares[i] = square;
        weights[i] -= (step * mean) / (Math.sqrt(square) + EPSILON);
      }
    }

    /* Copies the state, for `load`. */
    const save = () => [means.slice(), squares.slice(), [...powers]];

    function load([savedMeans, savedSquares, savedPowers]) {
      means.set(savedMeans);
      squares.set(savedSquares);
      powers.splice(0, 2, ...savedPowers);
    }

    return { load, save, update };
  }

  self.VAEBook.playground.makeAdam = makeAdam;
})();
