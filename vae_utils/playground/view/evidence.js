/* The runs of an experiment next to each other, while they train and afterwards: the map
   of each, random pictures, and at the end its numbers. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { make, sharpen } = window.VAEBook.elements;
  const { sayNats } = book.measures;
  const SIZE = 110; // pixels of a map
  const SAMPLES = 10; // random pictures of a run
  const ROW = 5;

  /* Makes room for figures. `add(label)` adds one; its `show(run)` shows a run as it is
     (run.js), its `finish(result)` what it came to. With `showClosest` it then has, below
     each random picture, the closest held-out image. */
  function makeEvidence(showClosest = false) {
    const node = make("div", { class: "vp-evidence" });
    const add = (label) => {
      const figure = makeFigure(label, showClosest);
      node.append(figure.node);
      return figure;
    };
    return { node, add, clear: () => node.replaceChildren() };
  }

  function makeFigure(label, showClosest) {
    const caption = make("figcaption", {}, label);
    const map = book.makePicture("vp-small-map", `Map of the codes of ${label}`);
    const pictures = book.makePicture("vp-small-samples", "Decoded random codes");
    pictures.hidden = true;
    const node = make("figure", {}, caption, map, pictures);

    function show(run) {
      paintMap(map, run);
      pictures.hidden = run.data.side === null;
      if (!pictures.hidden) paintSamples(pictures, run, SAMPLES);
    }

    function finish(result) {
      const { data, settings, epochs, last } = result;
      const model = book.measures.rebuild(result);
      caption.textContent = describe(result, model.settings);
      map.hidden = pictures.hidden = Boolean(result.failure);
      if (result.failure) return;
      const complete = { ...data.settings, ...settings };
      const run = { data, settings: book.complete(complete), records: epochs };
      Object.assign(run, { snapshot: last, model });
      show(run);
      if (!showClosest) return;
      paintClosest(pictures, run);
      pictures.setAttribute(
        "aria-label",
        "Decoded random codes, and below each the closest held-out image",
      );
    }

    return { node, show, finish };
  }

  function describe({ label, epochs }, { mode, latentDim }) {
    const { nll, kl } = epochs.at(-1).heldOut;
    const terms =
      `nll ${sayNats(nll)}` + (mode === "vae" ? ` + kl ${sayNats(kl)}` : "");
    const part = latentDim > 2 ? ` (the map has two of ${latentDim} dimensions)` : "";
    return `${label}: ${terms}${part}`;
  }

  function paintMap(canvas, run) {
    const { axes, middle, half } = run.frame ?? book.findFrame(run);
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

  /* Decodes random codes, the same ones each time. */
  function decodeSamples({ model, settings, snapshot }, count) {
    const generator = book.makeGenerator(0, book.PURPOSES.prior);
    const z = book.measures.drawCodes(model, snapshot.codes, count, generator);
    return model.generate(z, count, settings.bugs);
  }

  function paintSamples(canvas, run, count) {
    book.paintPictures(canvas, decodeSamples(run, count), run.data.side, ROW);
  }

  /* Paints a row of random pictures, and below it the images that they are closest to. */
  function paintClosest(canvas, run) {
    const { inputs } = run.settings;
    const { heldOut, side } = run.data;
    const both = new Float32Array(2 * ROW * inputs);
    const pictures = decodeSamples(run, ROW);
    both.set(pictures);
    const closest = book.measures.findClosest(pictures, inputs, heldOut);
    closest.forEach(({ place }, i) => {
      const image = heldOut.values.slice(place * inputs, (place + 1) * inputs);
      both.set(
        Float32Array.from(image, (value) => value / 255),
        (ROW + i) * inputs,
      );
    });
    book.paintPictures(canvas, both, side, ROW);
  }

  book.makeEvidence = makeEvidence;
})();
