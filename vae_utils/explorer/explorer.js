/* The explorer: a pad to draw on, a latent plane to walk on, and what is decoded. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { afterQuiet, make, once } = book.elements;
  const { drawing, parts, places } = book;
  const TEN_GAP = 60; // milliseconds between two paintings of all ten digits
  const FIRST = 17; // test image on the pad at first, a seven

  /* Makes an explorer in an element. */
  function makeExplorer(root) {
    const titles = listNetworks(root);
    const explorer = {
      root,
      names: titles.map(([name]) => name),
      wanted: null, // network asked for last
      next: FIRST, // test image that the button takes
      endTour() {},
      // The handle's place, that under the mouse, the digit that a conditional network is
      // conditioned on, and pixels, 0 or 1, or what is wrong with the pad.
      shown: { name: null, z: [0, 0], hovered: null, digit: 0, detailed: false },
    };
    explorer.use = (network) => use(explorer, network);
    explorer.view = book.makeView(root.id, titles, listActions(explorer));
    root.append(book.arrange(explorer.view, root.dataset.note));
    explorer.map = connectMap(explorer);
    drawing.connectPad(explorer);
    return explorer;
  }

  /* Lists [name, title] of the networks that an explorer offers. */
  function listNetworks(root) {
    const titles = new Map(book.index.map(({ name, title }) => [name, title]));
    const offered = root.dataset.networks?.split(" ") ?? [...titles.keys()];
    return offered.map((name) => [name, titles.get(name)]);
  }

  /* Lists what buttons and choices do. */
  function listActions(explorer) {
    return {
      use: explorer.use,
      tell(value) {
        explorer.shown.digit = Number(value);
        drawing.seeAgain(explorer);
        explorer.map.moveTo(explorer.shown.z);
      },
      clear: () => drawing.clear(explorer),
      takeTestDigit: () => drawing.takeTestDigit(explorer),
      toggleNats: () => drawing.toggleCosts(explorer),
      samplePrior: () => places.samplePrior(explorer),
      samplePosterior: () => places.samplePosterior(explorer),
      copyLink: () => places.copyLink(explorer),
    };
  }

  function connectMap(explorer) {
    const { root, shown, view } = explorer;
    explorer.tellPlace = afterQuiet(() => {
      if (shown.hovered || root.classList.contains("vx-touring")) return;
      view.status.textContent = book.describePlace(shown);
    });
    const paintTen = parts.sparing(book.paintTen, TEN_GAP);
    const decode = once(requestAnimationFrame, () => {
      book.paintDecoded(view, shown, shown.hovered || shown.z);
      paintTen(view, shown, shown.hovered || shown.z);
      if (!shown.hovered) explorer.tellPlace();
    });
    const moved = (z) => {
      shown.z = z;
      if (shown.name) decode();
    };
    const hovered = (z) => {
      shown.hovered = z;
      if (shown.name) decode();
    };
    return book.makeMap(view.plane, { moved, hovered });
  }

  /* Loads a network and shows it, unless another is chosen meanwhile. */
  async function use(explorer, network) {
    const { shown, view } = explorer;
    explorer.wanted = network;
    explorer.endTour();
    if (!book.models[network]) view.status.textContent = "Loading the network …";
    try {
      await book.load(network);
    } catch (error) {
      if (explorer.wanted !== network) return;
      explorer.tellPlace.cancel(); // it would take the message's place
      view.status.textContent = error.message;
      if (shown.name) view.networks.check(shown.name);
      return;
    }
    if (explorer.wanted === network) show(explorer, network);
  }

  function show(explorer, network) {
    const { shown, view, map } = explorer;
    const model = book.models[network];
    shown.name = network;
    view.networks.check(network);
    view.digits.check(shown.digit);
    view.told.hidden = !model.labelled;
    for (const name of ["prior", "posterior"]) {
      view.buttons[name].hidden = !model.variational;
    }
    view.about.textContent = model.about;
    view.status.textContent = ""; // of loading
    map.setModel(model);
    map.moveTo(shown.z);
    drawing.seeAgain(explorer);
  }

  /* Starts an explorer in an element, with a test digit on the pad. */
  async function start(root) {
    root.querySelector(".vx-room")?.remove();
    const explorer = makeExplorer(root);
    explorer.view.buttons.copy.hidden = !isInBook(root);
    explorer.view.networks.hidden = explorer.names.length === 1;
    drawing.takeTestDigit(explorer);
    drawing.listen(explorer);
    addEventListener("hashchange", () => places.followLink(explorer));
    const isLink = await places.followLink(explorer);
    if (isLink) return;
    const problem = explorer.view.wish.textContent; // of the link
    await explorer.use(root.dataset.model);
    if (problem) explorer.view.wish.textContent = problem;
    if (explorer.shown.name) places.tour(explorer);
  }

  /* Says whether the page's address can lead back here: elsewhere than in the book, an
     output of a cell has none. */
  function isInBook(root) {
    const ofCell = root.dataset.networks !== undefined;
    return !ofCell || document.documentElement.dataset.content_root !== undefined;
  }

  /* Waits for the network, so that all is shown at once; without it, start says so. */
  async function startWithNetwork(root) {
    await book.load(root.dataset.model).catch(() => {});
    return start(root);
  }

  async function startAll() {
    const roots = [...document.querySelectorAll(".vae-explorer:not([data-networks])")];
    try {
      if (roots.length && !book.index) await parts.load("index.js");
      await Promise.all(roots.map(startWithNetwork));
    } catch (error) {
      for (const root of roots) root.append(make("p", {}, error.message));
    }
  }

  /* Starts the explorer of a cell, in place of its fallback. */
  book.startExplorer = (id, { networks, note }) => {
    const root = document.getElementById(id);
    root.replaceChildren();
    Object.assign(root.dataset, {
      networks: networks.join(" "),
      model: networks[0],
      note,
    });
    book.ready = Promise.all([book.ready, start(root)]);
  };
  if (parts.fromSite) {
    book.ready = new Promise((resolve) => {
      const go = () => resolve(startAll());
      if (document.readyState === "loading") addEventListener("DOMContentLoaded", go);
      else go();
    });
  }
})();
