/* Pictures that the network makes: the decoded grid, reconstructions, and samples. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make } = window.VAEBook.elements;
  const GRID = 12; // pictures along an edge of the grid
  const PAIRS = 10; // examples that are reconstructed
  const SAMPLES = 20;
  const GAP = 1; // pixels between pictures

  /* Paints pictures of values in [0, 1] in rows of so many. */
  function paintPictures(canvas, values, side, columns, gap = GAP) {
    const count = values.length / side ** 2;
    const cell = side + gap;
    canvas.width = columns * cell - gap;
    canvas.height = Math.ceil(count / columns) * cell - gap;
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(canvas.width, canvas.height);
    for (let i = 0; i < values.length; i++) {
      const [picture, pixel] = [Math.floor(i / side ** 2), i % side ** 2];
      const x = (picture % columns) * cell + (pixel % side);
      const y = Math.floor(picture / columns) * cell + Math.floor(pixel / side);
      const at = 4 * (y * canvas.width + x);
      image.data.fill(255 * values[i], at, at + 3);
      image.data[at + 3] = 255;
    }
    pen.putImageData(image, 0, 0);
  }

  /* Makes a canvas that a screen reader has a name for. */
  function makePicture(name, label) {
    return make("canvas", {
      class: `vp-picture ${name}`,
      role: "img",
      "aria-label": label,
    });
  }

  /* Decodes the map's square: pictures at its places. */
  function showGrid(canvas, run, frame) {
    const codes = P.makeGridCodes(run, frame, GRID);
    const means = run.model.generate(codes, GRID * GRID, run.settings.bugs);
    paintPictures(canvas, means, run.data.side, GRID, 0);
  }

  /* Chooses examples of all classes in turn. */
  function chooseExamples({ classes, heldOut }, count) {
    const found = classes.map((_, label) => heldOut.labels.indexOf(label));
    const first = found.filter((place) => place >= 0);
    for (let i = 0; first.length < count && i < heldOut.count; i++)
      if (!first.includes(i)) first.push(i);
    return first.slice(0, count);
  }

  /* Takes examples as the network gets them: scaled, and with the same binarisation each
     time. */
  function takeExamples({ data, settings }, places) {
    const { inputs, binarise, bugs } = settings;
    const values = new Float32Array(places.length * inputs);
    const pixels = binarise ? P.makeGenerator(0, P.PURPOSES.pixels) : null;
    return P.fill(values, data.heldOut, inputs, places, pixels, P.valueFactor(bugs));
  }

  /* Decodes the means of examples' codes. */
  function reconstruct({ model, settings }, values) {
    const rows = values.length / settings.inputs;
    return model.generate(model.encode(values, rows).mean.slice(), rows, settings.bugs);
  }

  /* Shows an example next to its reconstruction. */
  const showPair = (canvas, run, example) => paintPairs(canvas, run, [example], 2);

  /* Shows examples above their reconstructions. */
  const showPairs = (canvas, run) =>
    paintPairs(canvas, run, chooseExamples(run.data, PAIRS), PAIRS);

  function paintPairs(canvas, run, places, columns) {
    const { data, settings } = run;
    const values = takeExamples(run, places);
    const means = reconstruct(run, values);
    const all = new Float32Array(2 * values.length);
    const factor = P.valueFactor(settings.bugs);
    all.set(values.map((value) => value / factor));
    all.set(means, values.length);
    paintPictures(canvas, all, data.side, columns);
  }

  /* Draws codes for samples: from the prior, the same ones each time. */
  function drawPrior({ settings }, count) {
    const generator = P.makeGenerator(0, P.PURPOSES.prior);
    return generator.fillNormal(new Float32Array(count * settings.latentDim));
  }

  function showSamples(canvas, run) {
    const means = run.model.generate(
      drawPrior(run, SAMPLES),
      SAMPLES,
      run.settings.bugs,
    );
    paintPictures(canvas, means, run.data.side, PAIRS);
  }

  Object.assign(P, {
    chooseExamples, drawPrior, makePicture, paintPictures, reconstruct, showGrid,
    showPair, showPairs, showSamples, takeExamples,
  }); // prettier-ignore
})();
