/* Pictures of points in the plane, for data that are no images: p(x), reconstructions,
   samples. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { sharpen } = window.VAEBook.elements;
  const SIZE = 240;
  const REACH = 1.6; // of the picture, in units of the data
  const CELLS = 48; // along an edge of p(x)
  const DRAWS = 200; // codes from the prior that p(x) averages over
  const POINTS = 300;

  const place = (x, y) => [((x / REACH + 1) / 2) * SIZE, ((1 - y / REACH) / 2) * SIZE];

  function startPicture(canvas) {
    const factor = sharpen(canvas, SIZE);
    const pen = canvas.getContext("2d");
    pen.scale(factor, factor);
    return pen;
  }

  function paintPoints(pen, values, count, radius, colourOf) {
    for (let i = 0; i < count; i++) {
      pen.fillStyle = colourOf(i);
      pen.beginPath();
      pen.arc(...place(values[2 * i], values[2 * i + 1]), radius, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  const classOf =
    ({ data }) =>
    (i) =>
      P.classColours[data.heldOut.labels[i] % P.classColours.length];

  /* Estimates p(x) on a grid: the average of p(x|z) over codes from the prior. Of an
     autoencoder there is none. */
  function estimateDensity({ model, settings, snapshot }) {
    const codes = P.drawPrior({ settings }, DRAWS);
    const means = model.generate(codes, DRAWS, settings.bugs);
    const precision = 1 / snapshot.sigma ** 2;
    const density = new Float64Array(CELLS * CELLS);
    const at = (i) => REACH * ((2 * i + 1) / CELLS - 1);
    for (let i = 0; i < density.length; i++) {
      const [x, y] = [at(i % CELLS), -at(Math.floor(i / CELLS))];
      for (let k = 0; k < DRAWS; k++) {
        const square = (x - means[2 * k]) ** 2 + (y - means[2 * k + 1]) ** 2;
        const exponent = 0.5 * precision * square;
        if (exponent < 30) density[i] += Math.exp(-exponent);
      }
    }
    const scale = precision / (2 * Math.PI * DRAWS);
    return density.map((value) => value * scale);
  }

  /* Paints p(x) as depth of ink, and held-out points over it. */
  function showDensity(canvas, run) {
    const pen = startPicture(canvas);
    if (run.settings.mode === "vae") {
      const density = estimateDensity(run);
      const highest = Math.max(...density);
      const cell = SIZE / CELLS;
      density.forEach((value, i) => {
        pen.fillStyle = `rgb(90 120 190 / ${((80 * value) / highest).toFixed(1)}%)`;
        pen.fillRect(
          (i % CELLS) * cell, Math.floor(i / CELLS) * cell, cell + 0.5, cell + 0.5,
        ); // prettier-ignore
      });
    }
    const { values, count } = run.data.heldOut;
    paintPoints(pen, values, Math.min(count, POINTS), 1.3, classOf(run));
  }

  /* Joins held-out points with their reconstructions. */
  function showPointPairs(canvas, run) {
    const pen = startPicture(canvas);
    const count = Math.min(run.data.heldOut.count, POINTS);
    const values = P.takeExamples(
      run,
      Array.from({ length: count }, (_, i) => i),
    );
    const means = P.reconstruct(run, values);
    pen.strokeStyle = "#8886";
    for (let i = 0; i < count; i++) {
      pen.beginPath();
      pen.moveTo(...place(values[2 * i], values[2 * i + 1]));
      pen.lineTo(...place(means[2 * i], means[2 * i + 1]));
      pen.stroke();
    }
    paintPoints(pen, means, count, 1.8, classOf(run));
  }

  /* Paints samples of p(x): the decoder's mean for a code from the prior, with noise. */
  function showPointSamples(canvas, run) {
    const pen = startPicture(canvas);
    const { model, settings, snapshot } = run;
    const means = model.generate(P.drawPrior(run, POINTS), POINTS, settings.bugs);
    const noise = P.makeGenerator(1, P.PURPOSES.prior);
    const samples = means.map((mean) => mean + snapshot.sigma * noise.normal());
    paintPoints(pen, samples, POINTS, 1.8, () => "#5a78be");
  }

  Object.assign(P, { estimateDensity, showDensity, showPointPairs, showPointSamples });
})();
