/* The data that a page has: images, which scripts add as text, and a ring of points,
   which is drawn here. Each is unpacked once, when it is needed.

   `vae_utils/playground/data.py` writes the text. */
(function () {
  "use strict";

  // The folder with this script; none in a cell's output.
  const base = document.currentScript?.src?.replace(/[^/]*$/, "");
  const { makeGenerator } = window.VAEBook.playground;
  // All data that a site has, in the order in which they are offered.
  const TITLES = {
    digits: "Digits",
    clothes: "Clothes",
    sprites: "Sprites",
    ring: "Ring",
  };
  const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
  const RING = { key: 2016, training: 1000, heldOut: 500, noise: 0.1, sectors: 8 };
  const RING_SETTINGS = {
    inputs: 2,
    hidden: [32, 32],
    likelihood: "gaussian",
    output: "linear",
    sigma: RING.noise,
    binarise: false,
    learningRate: 0.003,
    batchSize: 20,
  };
  const UNEVEN = 0.8; // the ring's density is 1 + UNEVEN · cos 3φ, times a constant
  const packed = {}; // name → what a script added
  const unpacked = {}; // name → what getData returns
  const loading = {}; // name → promise, so that each is loaded once

  /* Takes what a script has: texts, counts, names. */
  function addData(name, given) {
    packed[name] = given;
    delete unpacked[name];
  }

  const quote = (name) => JSON.stringify(name);
  const hasData = (name) => name === "ring" || Object.hasOwn(packed, name);

  /* Returns data that the page has, ready for the engine. */
  function getData(name) {
    if (!hasData(name))
      throw new RangeError(`This page has no data called ${quote(name)}.`);
    unpacked[name] ??= name === "ring" ? makeRing() : unpack(name, packed[name]);
    return unpacked[name];
  }

  /* Makes what getData returns of what a script added. */
  function unpack(name, { title, about, classes, side, levels, settings, ...parts }) {
    const [training, heldOut] = [parts.training, parts.heldOut].map((part) => ({
      values: unpackImages(part, side, levels),
      count: part.count,
      labels: Uint8Array.from(part.labels, Number),
    }));
    const inputs = side * side;
    return { name, title, about, side, inputs, classes, training, heldOut, settings };
  }

  /* Unpacks images to bytes: a character is two pixels, one above the other. */
  function unpackImages({ count, pixels }, side, levels) {
    const places = new Uint8Array(128);
    for (let i = 0; i < ALPHABET.length; i++) places[ALPHABET.charCodeAt(i)] = i;
    const grey = (level) => Math.round((255 * level) / (levels - 1));
    const values = new Uint8Array(count * side * side);
    for (let i = 0; i < pixels.length; i++) {
      const code = places[pixels.charCodeAt(i)];
      const at = i + side * Math.floor(i / side); // in the upper one of two rows
      values[at] = grey(Math.floor(code / levels));
      values[at + side] = grey(code % levels);
    }
    return values;
  }

  /* Makes points on a circle, with noise across it; three parts are denser. */
  function makeRing() {
    const [training, heldOut] = [RING.training, RING.heldOut].map((count, i) =>
      drawRing(makeGenerator(RING.key, i), count),
    );
    const width = 360 / RING.sectors;
    const from = Array.from({ length: RING.sectors }, (_, i) => i * width);
    return {
      name: "ring",
      title: TITLES.ring,
      about:
        `${RING.training.toLocaleString("en")} training and ${RING.heldOut} held-out ` +
        `points on a circle of radius 1, with Gaussian noise of ${RING.noise} across ` +
        "it. Three parts of the circle are denser; the class is the angle.",
      side: null,
      inputs: 2,
      classes: from.map((angle) => `${angle}–${angle + width}°`),
      training,
      heldOut,
      settings: { ...RING_SETTINGS },
    };
  }

  /* Draws points; no cosine is computed, as browsers may differ in its last bit. */
  function drawRing(generator, count) {
    const values = new Float32Array(2 * count);
    const labels = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const [x, y] = drawDirection(generator);
      const radius = 1 + RING.noise * generator.normal();
      values.set([radius * x, radius * y], 2 * i);
      const turn = Math.atan2(y, x) / (2 * Math.PI) + 1;
      labels[i] = Math.floor(RING.sectors * turn) % RING.sectors;
    }
    return { values, count, labels };
  }

  /* Draws a direction, with the density of the ring: some are drawn again. */
  function drawDirection(generator) {
    for (;;) {
      const [x, y] = [generator.normal(), generator.normal()];
      const length = Math.sqrt(x * x + y * y);
      const cosine = x / length;
      const density = 1 + UNEVEN * cosine * (4 * cosine * cosine - 3); // cos 3φ
      if (generator.uniform() * (1 + UNEVEN) < density) return [cosine, y / length];
    }
  }

  /* Loads data of the site, which also works from disk. The promise resolves once the
     page has them; otherwise its error is a sentence for the reader. */
  function loadData(name) {
    if (hasData(name)) return Promise.resolve();
    if (!Object.hasOwn(TITLES, name))
      return Promise.reject(new RangeError(`There are no data called ${quote(name)}.`));
    if (!base) {
      const present = listData().map((each) => each.title.toLowerCase());
      const only = `Only these data come with this output: ${present.join(", ")}.`;
      return Promise.reject(new Error(only));
    }
    loading[name] ??= loadScript(name).finally(() => delete loading[name]);
    return loading[name];
  }

  /* Loads the script with some data. */
  function loadScript(name) {
    const file = `data_${name}.js`;
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const end = () => {
        script.remove();
        if (hasData(name)) resolve();
        else reject(new Error(`${file} is missing: build the book again.`));
      };
      [script.src, script.onload, script.onerror] = [base + file, end, end];
      document.head.append(script);
    });
  }

  /* Lists the data to choose from: in a cell's output, those that came with it. */
  function listData() {
    return Object.entries(TITLES)
      .filter(([name]) => base || hasData(name))
      .map(([name, title]) => ({ name, title }));
  }

  Object.assign(window.VAEBook.playground, { addData, getData, listData, loadData });
})();
