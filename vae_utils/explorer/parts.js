/* What the explorer is put together from: pictures, neighbours, scripts of the site. */
(function () {
  "use strict";

  const base = document.currentScript?.src?.replace(/[^/]*$/, ""); // none in a cell's output
  const book = window.VAEBook;
  const { make } = book.elements;
  const SIDE = 28;
  const loading = {}; // file → promise, so that each is loaded once

  /* Loads a script of the site, which also works from disk. */
  function load(file) {
    loading[file] ??= new Promise((resolve, reject) => {
      const script = make("script", { src: base + file });
      script.onload = resolve;
      script.onerror = () => {
        delete loading[file];
        script.remove();
        reject(new Error(`${file} is missing: build the book again.`));
      };
      document.head.append(script);
    });
    return loading[file];
  }

  /* Paints values in [0, 1], of one image or of several next to each other. */
  function paint(canvas, images, label) {
    canvas.width = SIDE * images.length;
    canvas.height = SIDE;
    const context = canvas.getContext("2d");
    const data = context.createImageData(canvas.width, SIDE);
    images.forEach((image, place) => {
      for (let i = 0; i < SIDE * SIDE; i++) {
        const [row, column] = [Math.floor(i / SIDE), i % SIDE];
        const at = row * canvas.width + place * SIDE + column;
        data.data.fill(255 * image[i], 4 * at, 4 * at + 3);
        data.data[4 * at + 3] = 255;
      }
    });
    context.putImageData(data, 0, 0);
    canvas.setAttribute("aria-label", label);
  }

  /* Finds the commonest digit among the nearest codes of test images. */
  function findNearest(model, z, count) {
    const distances = Array.from(model.labels, (label, i) => [
      (model.codes[2 * i] - z[0]) ** 2 + (model.codes[2 * i + 1] - z[1]) ** 2,
      label,
    ]).sort((a, b) => a[0] - b[0]);
    const votes = new Array(10).fill(0);
    for (const [, label] of distances.slice(0, count)) votes[label] += 1;
    const most = Math.max(...votes);
    return [votes.indexOf(most), most];
  }

  /* Makes a function that calls another at most once in so many milliseconds, and at
     last with the latest arguments. */
  function sparing(call, gap) {
    let timer = null;
    let latest = null; // arguments that wait for their turn
    const turn = () => {
      timer = null;
      if (latest) run(...latest);
    };
    const run = (...given) => {
      latest = null;
      timer = setTimeout(turn, gap);
      call(...given);
    };
    return (...given) => {
      if (timer === null) run(...given);
      else latest = given;
    };
  }

  book.load = (name) =>
    book.models[name] ? Promise.resolve() : load(`model_${name}.js`);
  book.parts = { findNearest, fromSite: Boolean(base), load, paint, sparing };
})();
