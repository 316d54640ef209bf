/* What is seen of the handwriting widget, and how it is arranged. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { make, makeButton } = book.elements;
  const PAD_SIDE = 280; // pixels of the pad, which pad.js expects
  const PAD_LABEL =
    "Pad to draw one digit on, with mouse, pen or finger. The button Another test digit " +
    "works without drawing.";

  /* Makes the elements; `act` has what buttons and the choice of a digit do. */
  function makeSheet(id, act) {
    const options = book.hand.DIGITS.map((digit) => make("option", {}, digit));
    const select = make("select", { id: `${id}-digit`, change: act.correct }, ...options);
    return {
      pad: make("canvas", {
        width: PAD_SIDE, height: PAD_SIDE, class: "vh-pad", role: "img",
        "aria-label": PAD_LABEL,
      }), // prettier-ignore
      invitation: make("span", { class: "vh-invitation" }, "Draw one digit here"),
      card: make("canvas", { class: "vh-card", role: "img" }),
      select,
      lead: make("label", { for: select.id }),
      guess: make("span", { class: "vh-guess" }),
      problem: make("p", { class: "vh-problem", role: "status" }),
      said: make("p", { class: "vw-said", role: "status" }),
      message: make("span", { class: "vh-message vw-small", role: "status" }),
      buttons: {
        clear: makeButton("Clear", act.clear),
        test: makeButton("Another test digit", act.takeTestDigit),
        save: makeButton("Save as picture", act.save),
        copy: makeButton("Copy", act.copy),
      },
    };
  }

  function arrange(sheet) {
    const { clear, test, save, copy } = sheet.buttons;
    const answer = make("p", { class: "vh-answer" }, sheet.lead, sheet.select, sheet.guess);
    const left = make(
      "div",
      { class: "vh-left" },
      make("div", { class: "vh-paper" }, sheet.pad, sheet.invitation),
      make("div", { class: "vw-buttons" }, clear, test),
    );
    const right = make(
      "div",
      { class: "vh-right" },
      sheet.card,
      make("div", { class: "vw-buttons" }, save, copy, sheet.message),
    );
    const below = make("div", { class: "vh-below" }, answer, sheet.problem, sheet.said);
    return make("div", { class: "vh-sheet" }, left, right, below);
  }

  book.sheet = { arrange, makeSheet };
})();
