/* The aggregate posterior along the map's edges, beside the prior: what the decoder was
   trained on, and what samples are drawn from. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { draw } = window.VAEBook.elements;
  const PLACES = 60; // along an edge
  const CODES = 300; // that the average is over
  const POINT = 0.05; // width given to the points of an autoencoder, as a share of half

  /* Averages q(z|x) over examples, at places along one dimension. It is the density of a
     mixture of Gaussians. */
  function aggregate(
    { settings: { latentDim }, snapshot: { codes } },
    axis,
    places,
    half,
  ) {
    const count = Math.min(CODES, codes.count);
    const density = new Float64Array(places.length);
    for (let i = 0; i < count; i++) {
      const mean = codes.means[i * latentDim + axis];
      const sigma = codes.logVars
        ? Math.max(Math.exp(codes.logVars[i * latentDim + axis] / 2), POINT * half)
        : POINT * half;
      const factor = 1 / (count * sigma * Math.sqrt(2 * Math.PI));
      places.forEach((place, k) => {
        density[k] += factor * Math.exp(-0.5 * ((place - mean) / sigma) ** 2);
      });
    }
    return density;
  }

  const prior = (z) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

  /* Draws both edges: the upper one for the first axis, the right one for the second. */
  function drawDensities(run, { axes, middle, half }, { plane, edge }) {
    const isVae = run.settings.mode === "vae";
    return axes.flatMap((axis, side) => {
      if (axis === null) return [];
      const places = Array.from(
        { length: PLACES },
        (_, i) => middle[side] + half * ((2 * (i + 0.5)) / PLACES - 1),
      );
      const found = aggregate(run, axis, places, half);
      const wanted = isVae ? places.map(prior) : [];
      const highest = Math.max(...(isVae ? [2 * prior(0)] : found));
      const toPoint = (value, k) => {
        const along = ((k + 0.5) / PLACES) * plane;
        const high = Math.min(1, value / highest) * (edge - 6);
        const [x, y] =
          side === 0 ? [along, edge - high] : [plane + high, edge + plane - along];
        return `${x.toFixed(1)},${y.toFixed(1)}`;
      };
      const line = (values, name) =>
        draw("polyline", { points: [...values].map(toPoint).join(" "), class: name });
      const area = line(found, "vp-aggregate");
      return isVae ? [area, line(wanted, "vp-prior")] : [area];
    });
  }

  P.drawDensities = drawDensities;
})();
