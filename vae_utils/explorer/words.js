/* What the explorer says about a place and about the pad. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const NEIGHBOURS = 15;
  const WANTED = {
    empty: "There is nothing on the pad: draw a digit, or take a test digit.",
    full: "The pad is nearly all ink: clear it, and draw a digit with one stroke or two.",
  };

  const writePlace = (z) =>
    `(${Array.from(z, (value) => book.elements.write(value)).join(", ")})`;

  /* Says where the handle is, and which digits are near. */
  function describePlace({ name, z, digit }) {
    const model = book.models[name];
    const place = `At ${writePlace(z)}`;
    if (model.labelled) return `${place}: the digit ${digit}.`;
    const [found, count] = book.parts.findNearest(model, z, NEIGHBOURS);
    const article = found === 8 ? "an" : "a";
    return `${place}: of the ${NEIGHBOURS} nearest test digits, ${count} show ${article} ${found}.`;
  }

  /* Says what is wrong with the pad, or what a conditional network believes. */
  function describePad({ name, problem, digit }) {
    if (problem) return WANTED[problem];
    if (!name || !book.models[name].labelled) return "";
    return `The network is conditioned on the digit ${digit}: choose the one you drew.`;
  }

  Object.assign(book, { describePad, describePlace, writePlace });
})();
