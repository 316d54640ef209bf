/* What can be seen of an explorer, and how it is arranged. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { make, makeButton, makeChoice } = book.elements;
  const { paint } = book.parts;
  const PLANE_LABEL =
    "Latent plane. Arrow keys move the red dot, with Shift further; Home goes to the " +
    "middle.";
  const PAD_LABEL =
    "Pad to draw a digit on, with mouse, pen or finger. The test digit button below " +
    "needs no drawing.";
  const HELP = "Point, drag the red dot, or use arrow keys.";
  const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

  function makePictures() {
    const picture = (name) =>
      make("canvas", { class: `vx-image ${name}`, role: "img" });
    return {
      plane: make("div", {
        class: "vx-plane", tabindex: 0, role: "application", "aria-label": PLANE_LABEL,
      }), // prettier-ignore
      pad: make("canvas", {
        width: 280, height: 280, class: "vx-pad", role: "img", "aria-label": PAD_LABEL,
      }), // prettier-ignore
      drawn: picture("vx-drawn"),
      ten: picture("vx-ten"),
      input: picture("vx-input"),
    };
  }

  function makeTexts() {
    const text = (name, more) => make("p", { class: `${name} vw-small`, ...more });
    return {
      about: text("vx-about"),
      where: text("vx-where"),
      shown: text("vx-shown"),
      status: text("vx-status", { role: "status" }),
      wish: text("vx-wish", { role: "status" }),
      said: make("p", { class: "vw-said", role: "status" }),
      numbers: make("div", { class: "vx-numbers" }),
      legend: make("div", { class: "vx-key", hidden: "" }, book.makeLegend()),
      link: make("input", {
        class: "vx-link", readonly: "", hidden: "", "aria-label": "Link to this place",
      }), // prettier-ignore
    };
  }

  function makeButtons(act) {
    return {
      clear: makeButton("Clear", act.clear),
      test: makeButton("Test digit", act.takeTestDigit),
      prior: makeButton("Sample from the prior", act.samplePrior),
      posterior: makeButton("Sample q(z|x)", act.samplePosterior),
      nats: makeButton("Where do the nats go?", act.toggleNats, {
        "aria-expanded": "false",
      }),
      copy: makeButton("Copy link to this place", act.copyLink),
    };
  }

  /* Makes the elements; `act` has what buttons and choices do. */
  function makeView(id, names, act) {
    const ten = DIGITS.map((digit) => [String(digit), String(digit)]);
    return {
      ...makePictures(),
      ...makeTexts(),
      buttons: makeButtons(act),
      networks: makeChoice(`${id}-network`, "Network", names, act.use),
      digits: makeChoice(`${id}-digit`, "Conditioned on the digit", ten, act.tell),
    };
  }

  function section(name, label, ...children) {
    return make("section", { class: name, "aria-label": label }, ...children);
  }

  const row = (...buttons) => make("div", { class: "vw-buttons" }, ...buttons);
  const caption = (text) => make("p", { class: "vx-caption vw-small" }, text);

  /* Arranges pad, plane and output in one row. */
  function arrangeRow({ pad, wish, plane, status, drawn, where, buttons }) {
    return make(
      "div",
      { class: "vx-row" },
      section(
        "vx-left",
        "Your own digit",
        caption("Draw a digit here"),
        pad,
        row(buttons.clear, buttons.test),
        wish,
      ),
      section("vx-middle", "Latent plane", caption(HELP), plane, status),
      section(
        "vx-right",
        "Decoded digit",
        caption("Decoded from z"),
        drawn,
        where,
        row(buttons.prior, buttons.posterior),
      ),
    );
  }

  /* Arranges what the network sees, and what that costs it. */
  function arrangeNats({ input, shown, numbers, legend, link, buttons }) {
    const seen = section("vx-left vx-seen", "What the network sees", input, shown);
    return make(
      "div",
      { class: "vx-row vx-nats" },
      seen,
      section("vx-middle", "Cost in nats", numbers),
      section("vx-right", "More", row(buttons.nats, buttons.copy), link, legend),
    );
  }

  /* Arranges the ten digits of a conditional network, with the choice of one. */
  function arrangeCondition({ ten, digits }) {
    digits.querySelector("legend").classList.add("vw-said");
    const title = make("p", { class: "vx-caption vw-small", "aria-hidden": "true" });
    title.append("Conditioned on the digit");
    const middle = make("div", { class: "vx-middle" }, ten, digits);
    return make("div", { class: "vx-row vx-told", hidden: "" }, title, middle);
  }

  /* Arranges everything; `note` is a sentence on where the network comes from. */
  function arrange(view, note) {
    view.told = arrangeCondition(view);
    view.nats = arrangeNats(view);
    return make(
      "div",
      { class: "vx-explorer" },
      ...(note ? [make("p", { class: "vx-note vw-small" }, note)] : []),
      view.networks,
      view.about,
      arrangeRow(view),
      view.told,
      view.nats,
      view.said,
    );
  }

  /* Paints what a network decodes at a place, and says where that is. */
  function paintDecoded(view, { name, digit }, z) {
    const place = book.writePlace(z);
    const label = `Decoded image (mean) at z = ${place}`;
    paint(view.drawn, [book.decode(name, z, digit)], label);
    view.where.textContent = `z = ${place}`;
  }

  /* Paints the ten digits that a conditional network decodes at a place. */
  function paintTen(view, { name }, z) {
    if (!book.models[name].labelled) return;
    const ten = DIGITS.map((each) => book.decode(name, z, each));
    const label = `The digits 0 to 9, decoded (means) at z = ${book.writePlace(z)}`;
    paint(view.ten, ten, label);
  }

  Object.assign(book, {
    makeRemark: caption,
    makeView,
    arrange,
    paintDecoded,
    paintTen,
  });
})();
