/* What the runs of an experiment came to, next to each other: the map of each, its samples,
   and its numbers. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { make, sharpen } = window.VAEBook.elements;
  const { sayNats } = book.measures;
  const SIZE = 110; // pixels of a map
  const SAMPLES = 10;

  /* Makes a small figure of each result. */
  function makeEvidence(results) {
    return make("div", { class: "vp-evidence" }, ...results.map(makeFigure));
  }

  function makeFigure(result) {
    const last = result.epochs.at(-1);
    const map = make("canvas", { class: "vp-small-map" });
    const run = rebuildRun(result);
    if (!result.failure) paintMap(map, run);
    const samples = run.data.side === null || result.failure ? [] : [makeSamples(run)];
    const isVae = run.settings.mode === "vae";
    const { nll, kl } = last.heldOut;
    const terms = isVae
      ? `nll ${sayNats(nll)} + kl ${sayNats(kl)}`
      : `nll ${sayNats(nll)}`;
    const { latentDim } = run.settings;
    const part = latentDim > 2 ? ` (the map has two of ${latentDim} dimensions)` : "";
    const figure = make(
      "figure",
      {},
      make("figcaption", {}, `${result.label}: ${terms}${part}`),
      map,
      ...samples,
    );
    map.setAttribute("role", "img");
    map.setAttribute("aria-label", `Map of the codes of the run with ${result.label}`);
    return figure;
  }

  /* Makes of a result what figures of a run need. */
  function rebuildRun(result) {
    const { data, settings, last, epochs } = result;
    const complete = book.complete({ ...data.settings, ...settings });
    const run = { data, settings: complete, records: epochs, snapshot: last };
    return { ...run, model: book.measures.rebuild(result) };
  }

  function paintMap(canvas, run) {
    const { axes, middle, half } = book.findFrame(run);
    const factor = sharpen(canvas, SIZE);
    const pen = canvas.getContext("2d");
    pen.scale(factor, factor);
    const { latentDim } = run.settings;
    const { means, count } = run.snapshot.codes;
    const labels = run.data.heldOut.labels;
    const place = (value, i) => (((value - middle[i]) / half + 1) / 2) * SIZE;
    for (let i = 0; i < count; i++) {
      const at = (k) => (axes[k] === null ? 0 : means[i * latentDim + axes[k]]);
      pen.fillStyle = book.classColours[labels[i] % book.classColours.length];
      pen.fillRect(place(at(0), 0) - 1, SIZE - place(at(1), 1) - 1, 2, 2);
    }
  }

  function makeSamples(run) {
    const canvas = book.makePicture("vp-small-samples", "Decoded means of ten codes");
    const codes = book.drawPrior(run, SAMPLES);
    const means = run.model.generate(codes, SAMPLES, run.settings.bugs);
    book.paintPictures(canvas, means, run.data.side, SAMPLES / 2);
    return canvas;
  }

  book.makeEvidence = makeEvidence;
})();
