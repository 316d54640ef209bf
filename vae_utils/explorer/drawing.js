/* What happens to a drawing: it is encoded, measured, and its cost shown. Each function
   takes an explorer, as explorer.js makes it. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { afterQuiet, once } = book.elements;
  const SETTLED = 200; // milliseconds after which a drawing is measured exactly
  const GAP = 80; // milliseconds between two measurements while the pen moves

  /* Connects the pad. A drawing is read once a frame, however fast the pen; it is
     measured with few codes while the pen moves, exactly once it rests or is lifted. */
  function connectPad(explorer) {
    const { view } = explorer;
    const read = (few) => {
      const { pixels, problem } = explorer.pad.read();
      see(explorer, pixels || null, problem || null, few);
    };
    explorer.settle = afterQuiet(() => score(explorer, false), SETTLED);
    explorer.scoreFew = book.parts.sparing(() => score(explorer, true), GAP);
    explorer.tellTerms = afterQuiet(() => {
      const { costs, detailed } = explorer.shown;
      view.said.textContent = costs
        ? book.sayReceipt(listRows(explorer), detailed)
        : "";
    });
    explorer.pad = book.makePad(
      view.pad,
      once(requestAnimationFrame, () => read(true)),
    );
    view.pad.addEventListener("pointerup", () => read(false));
  }

  /* Encodes other pixels, and moves the handle to their code. */
  function see(explorer, pixels, problem, few = false) {
    const { shown, view, map } = explorer;
    Object.assign(shown, { pixels, problem });
    view.wish.textContent = book.describePad(shown);
    if (!shown.name) return;
    shown.posterior = pixels && book.encode(shown.name, pixels, shown.digit);
    map.setPosterior(shown.posterior);
    view.buttons.posterior.disabled = !pixels;
    if (few) {
      explorer.scoreFew();
      explorer.settle();
    } else score(explorer, false);
    if (pixels) map.moveTo(Array.from(shown.posterior.mean));
  }

  /* Encodes the same pixels again, for another network or another condition. */
  function seeAgain(explorer) {
    see(explorer, explorer.shown.pixels, explorer.shown.problem);
  }

  /* Measures what is on the pad. */
  function score(explorer, few) {
    const { shown } = explorer;
    const { name, pixels, digit, posterior } = shown;
    shown.costs = pixels && name && book.findCosts(name, pixels, digit, posterior, few);
    showCosts(explorer);
  }

  const listRows = ({ shown }) =>
    book.listRows(shown.costs, book.models[shown.name].average);

  /* Shows what the network sees, and its terms in nats. */
  function showCosts(explorer) {
    const { shown, view } = explorer;
    const { costs, pixels, detailed } = shown;
    view.legend.hidden = !detailed;
    view.nats.classList.toggle("vx-empty", !costs);
    view.numbers.replaceChildren();
    explorer.tellTerms();
    if (!costs) return;
    view.shown.textContent = detailed ? "cost of each pixel" : "what the network sees";
    if (detailed) book.paintCosts(view.input, pixels, costs);
    else book.parts.paint(view.input, [pixels], "28 × 28 pixels of ink or none");
    view.numbers.append(book.makeReceipt(listRows(explorer), detailed));
    if (!costs.kl)
      view.numbers.append(book.makeRemark("No KL term: the code is a point."));
  }

  function toggleCosts(explorer) {
    const { shown, view } = explorer;
    shown.detailed = !shown.detailed;
    view.buttons.nats.setAttribute("aria-expanded", shown.detailed);
    showCosts(explorer);
  }

  /* Puts an image, bytes of 28 × 28 pixels, on the pad. */
  function put(explorer, image, digit) {
    const { shown, view, pad } = explorer;
    shown.digit = digit;
    view.digits.check(digit);
    pad.show(image);
    const ink = (value) => (value >= 128 ? 1 : 0);
    see(explorer, Float32Array.from(image, ink), null);
  }

  /* Puts the next test digit on the pad. */
  function takeTestDigit(explorer) {
    const { next } = explorer;
    explorer.next = (next + 1) % book.images.length;
    put(explorer, book.images[next], book.imageLabels[next]);
  }

  /* Takes over what was drawn elsewhere on the page, until the reader uses this pad. */
  function listen(explorer) {
    let used = false;
    const use = () => (used = true);
    for (const name of ["pointerdown", "keydown"]) {
      explorer.root.addEventListener(name, use);
    }
    document.addEventListener("vae-book-drawn", ({ detail: { pixels, digit } }) => {
      if (used || pixels.length !== 784) return;
      explorer.endTour();
      put(
        explorer,
        Uint8Array.from(pixels, (v) => 255 * v),
        digit,
      );
    });
  }

  function clear(explorer) {
    explorer.pad.clear();
    see(explorer, null, "empty");
  }

  book.drawing = { clear, connectPad, listen, seeAgain, takeTestDigit, toggleCosts };
})();
