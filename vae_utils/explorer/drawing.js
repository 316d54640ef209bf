/* What happens to a drawing: it is encoded, measured, and its cost shown. Each function
   takes an explorer, as explorer.js makes it. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { afterQuiet, once } = book.elements;
  const SETTLED = 200; // milliseconds after which a drawing is measured exactly

  /* Connects the pad. A drawing is read once a frame, however fast the pen; it is
     measured with few codes while the pen moves, exactly once it rests or is lifted. */
  function connectPad(explorer) {
    const { view } = explorer;
    const read = (few) => {
      const { pixels, problem } = explorer.pad.read();
      see(explorer, pixels || null, problem || null, few);
    };
    explorer.settle = afterQuiet(() => score(explorer, false), SETTLED);
    explorer.tellTerms = afterQuiet(() => {
      const { costs, detailed } = explorer.shown;
      view.said.textContent = costs ? book.sayReceipt(listRows(explorer), detailed) : "";
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
    score(explorer, few);
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
    if (few) explorer.settle();
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
    if (!costs.kl) view.numbers.append("No KL term: the code is a point.");
  }

  function toggleCosts(explorer) {
    const { shown, view } = explorer;
    shown.detailed = !shown.detailed;
    view.buttons.nats.setAttribute("aria-expanded", shown.detailed);
    showCosts(explorer);
  }

  /* Puts the next test digit on the pad. */
  function takeTestDigit(explorer) {
    const { shown, view, pad } = explorer;
    const image = book.images[explorer.next];
    shown.digit = book.imageLabels[explorer.next];
    view.digits.check(shown.digit);
    explorer.next = (explorer.next + 1) % book.images.length;
    pad.show(image);
    const ink = (value) => (value >= 128 ? 1 : 0);
    see(explorer, Float32Array.from(image, ink), null);
  }

  function clear(explorer) {
    explorer.pad.clear();
    see(explorer, null, "empty");
  }

  book.drawing = { clear, connectPad, seeAgain, takeTestDigit, toggleCosts };
})();
