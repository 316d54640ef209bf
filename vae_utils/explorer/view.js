/* What can be seen of an explorer, and how it is arranged. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { make, makeButton, makeChoice } = book.elements;
  const { makeFigure, makeTable, paint } = book.parts;
  const PLANE_LABEL =
    "Latent plane. Arrow keys move the point, with Shift further; Home goes to the middle.";
  const PAD_LABEL =
    "Pad to draw a digit on, with mouse, pen or finger. The button below takes a test " +
    "digit instead.";
  const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

  /* Makes the elements; `act` has what buttons and choices do. */
  function makeView(id, act) {
    const picture = (more = "") =>
      make("canvas", { class: `vx-image ${more}`, role: "img" });
    const square = (size) => ({ width: size, height: size });
    const names = book.index.map((network) => [network.name, network.title]);
    const ten = DIGITS.map((digit) => [String(digit), String(digit)]);
    return {
      status: make("p", { class: "vx-status vw-small", role: "status" }),
      wish: make("p", { class: "vw-small", role: "status" }),
      said: make("p", { class: "vw-said", role: "status" }),
      about: make("p", { class: "vx-about" }),
      where: make("p", { class: "vx-where" }),
      numbers: make("div", { class: "vx-numbers" }),
      plane: make("canvas", {
        ...square(480), class: "vx-plane", tabindex: 0, role: "application",
        "aria-label": PLANE_LABEL,
      }), // prettier-ignore
      pad: make("canvas", {
        ...square(280), class: "vx-pad", role: "img", "aria-label": PAD_LABEL,
      }), // prettier-ignore
      drawn: picture("vx-drawn"),
      ten: picture("vx-ten"),
      input: picture(),
      output: picture(),
      networks: makeChoice(`${id}-network`, "Network", names, act.use),
      digits: makeChoice(`${id}-digit`, "Digit told to the network", ten, act.tell),
      buttons: make(
        "div",
        { class: "vw-buttons" },
        makeButton("Clear", act.clear),
        makeButton("Take a test digit", act.takeTestDigit),
      ),
    };
  }

  function arrange(view) {
    const section = (label, ...children) =>
      make("section", { "aria-label": label }, ...children);
    const help = make(
      "p",
      { class: "vw-small" },
      "Drag the point, or use the arrow keys.",
    );
    const pair = section(
      "What the network makes of it",
      makeFigure(view.input, "what the network sees"),
      makeFigure(view.output, "what it makes of it"),
    );
    pair.className = "vx-pair";
    return make(
      "div",
      { class: "vx-explorer" },
      view.networks,
      view.about,
      view.digits,
      make(
        "div",
        { class: "vx-row" },
        section("Latent plane", view.plane, help),
        section("Decoded digit", view.drawn, view.where),
      ),
      view.ten,
      view.status,
      make("p", {}, "Draw a digit of your own:"),
      make(
        "div",
        { class: "vx-row vx-own" },
        section("Your own digit", makeFigure(view.pad, "draw here")),
        pair,
      ),
      view.buttons,
      view.wish,
      view.numbers,
      view.said,
    );
  }

  /* Paints what a network decodes at z, and says where that is. */
  function paintDecoded(view, { name, z, digit }) {
    const place = writePlace(z);
    const label = `Decoded image (mean) at z = ${place}`;
    paint(view.drawn, [book.decode(name, z, digit)], label);
    if (book.models[name].labelled) {
      const ten = DIGITS.map((each) => book.decode(name, z, each));
      paint(view.ten, ten, `The digits 0 to 9, decoded (means) at z = ${place}`);
    }
    view.where.textContent = `z = ${place}`;
  }

  /* Paints what a network makes of pixels, with its terms in nats; returns q(z|x). */
  function paintScored(view, { name, seen, digit }) {
    view.numbers.replaceChildren();
    for (const canvas of [view.input, view.output]) canvas.parentNode.hidden = !seen;
    if (!seen || !name) return null;
    const posterior = book.encode(name, seen, digit);
    const { nll, kl } = book.measure(name, seen, digit);
    const made = book.decode(name, posterior.mean, digit);
    paint(view.input, [seen], "What the network sees: 28 × 28 pixels of ink or none");
    paint(view.output, [made], "Reconstruction (mean) of what it sees");
    view.numbers.append(makeTable(listTerms({ nll, kl }, book.models[name].average)));
    if (kl === null) view.numbers.append("No KL term: the code is a point.");
    return posterior;
  }

  /* Lists each term of this digit, and of test digits on average. */
  function listTerms(here, average) {
    const round = (value) => Math.round(10 * value) / 10; // so that parts add up
    const both = [here, average];
    const rows = [["reconstruction term (nll)", ...both.map(({ nll }) => round(nll))]];
    if (here.kl === null) return rows;
    rows.push(["KL term (kl)", ...both.map(({ kl }) => round(kl))]);
    rows.push(["−ELBO", ...both.map(({ nll, kl }) => round(nll) + round(kl))]);
    return rows;
  }

  function writePlace(z) {
    return `(${z.map(write).join(", ")})`;
  }

  /* Writes a coordinate, without a minus before zero. */
  function write(value) {
    return (Math.round(100 * value) / 100 + 0).toFixed(2).replace("-", "−");
  }

  Object.assign(book, { makeView, arrange, paintDecoded, paintScored, writePlace });
})();
