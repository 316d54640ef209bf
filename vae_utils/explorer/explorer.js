/* The explorer: a latent plane to walk on, and a pad to draw on. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { afterQuiet, make, once } = book.elements;
  const { findNearest, load } = book.parts;
  const NEIGHBOURS = 15;
  const WANTED = {
    empty: "There is nothing on the pad: draw a digit, or take a test digit.",
    full: "The pad is nearly all ink: clear it, and draw a digit with one stroke or two.",
  };

  function start(root) {
    // What is shown: a network, a place, the digit told to a conditional network, and
    // pixels, 0 or 1, or what is wrong with the pad.
    const shown = { name: null, z: [0, 0], digit: 3, seen: null, problem: "empty" };
    let wanted = null; // network asked for last
    let next = 0; // test image that the button takes

    const view = book.makeView(root.id, { use, tell, clear, takeTestDigit });
    view.wish.textContent = WANTED.empty;
    root.append(book.arrange(view));
    const map = book.makeMap(view.plane, (z) => {
      shown.z = z;
      decode();
    });
    // Once a frame, however fast the pen.
    const pad = book.makePad(view.pad, once(requestAnimationFrame, readPad));
    const tellPlace = afterQuiet(() => (view.status.textContent = describePlace(shown)));
    const tellTerms = afterQuiet(() => (view.said.textContent = view.numbers.innerText));

    async function use(network) {
      wanted = network;
      view.status.textContent = "Loading the network …";
      try {
        await book.load(network);
      } catch (error) {
        if (wanted !== network) return;
        view.status.textContent = error.message;
        if (shown.name) view.networks.check(shown.name);
        return;
      }
      if (wanted === network) show(network); // or else another was chosen meanwhile
    }

    function show(network) {
      const model = book.models[network];
      shown.name = network;
      view.networks.check(network);
      view.digits.check(shown.digit);
      view.digits.hidden = view.ten.hidden = !model.labelled;
      view.about.textContent = model.about;
      view.status.textContent = "";
      map.setModel(model);
      see(shown.seen, shown.problem);
      root.querySelector(".vx-fallback").hidden = true;
    }

    function tell(value) {
      shown.digit = Number(value);
      decode();
      see(shown.seen, shown.problem);
    }

    /* Moves the point to the code of what is on the pad. */
    function follow() {
      const { name, seen, digit } = shown;
      if (name && seen) map.moveTo(Array.from(book.encode(name, seen, digit).mean));
    }

    function decode() {
      if (!shown.name) return;
      book.paintDecoded(view, shown);
      view.status.textContent = ""; // of the place before
      tellPlace();
    }

    function score() {
      map.setPosterior(book.paintScored(view, shown));
      tellTerms();
    }

    function readPad() {
      const { pixels, problem } = pad.read();
      see(pixels || null, problem || null);
    }

    /* Encodes other pixels, and moves the point to their code. */
    function see(pixels, problem) {
      Object.assign(shown, { seen: pixels, problem });
      view.wish.textContent = problem ? WANTED[problem] : tellDigit(shown);
      score();
      follow();
    }

    function takeTestDigit() {
      const image = book.images[next];
      shown.digit = book.imageLabels[next];
      view.digits.check(shown.digit);
      next = (next + 1) % book.images.length;
      pad.show(image);
      see(Float32Array.from(image, (value) => (value >= 128 ? 1 : 0)), null);
    }

    function clear() {
      pad.clear();
      see(null, "empty");
    }

    // Colours of the plane follow the theme.
    new MutationObserver(map.repaint).observe(document.documentElement, {
      attributes: true, attributeFilter: ["data-theme"],
    }); // prettier-ignore
    return use(root.dataset.model);
  }

  /* Reminds that a conditional network believes what it is told. */
  function tellDigit({ name, digit }) {
    if (!name || !book.models[name].labelled) return "";
    return `The network was told that this is a ${digit}; choose what you drew above.`;
  }

  function describePlace({ name, z, digit }) {
    const model = book.models[name];
    let told = `the digit ${digit}`;
    if (!model.labelled) {
      const [found, count] = findNearest(model, z, NEIGHBOURS);
      const article = found === 8 ? "an" : "a";
      told = `of the ${NEIGHBOURS} nearest test digits, ${count} show ${article} ${found}`;
    }
    return `At ${book.writePlace(z)}: ${told}.`;
  }

  async function startAll() {
    const roots = [...document.querySelectorAll(".vae-explorer")];
    try {
      if (!book.index) await load("index.js");
      await Promise.all(roots.map(start));
    } catch (error) {
      for (const root of roots) root.append(make("p", {}, error.message));
    }
  }

  book.ready = new Promise((resolve) => {
    const go = () => resolve(startAll());
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", go);
    else go();
  });
})();
