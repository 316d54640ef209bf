/* Links to a place of the plane: #model=vae&z=1.20,-0.40 */
(function () {
  "use strict";

  const book = window.VAEBook;
  const NUMBER = /^[+-]?\d{1,4}(\.\d{1,6})?$/;
  const PROBLEMS = {
    model: "The link asks for a network that is not here, so nothing was changed.",
    z: "The link should give the place as two numbers, such as z=1.20,-0.40.",
  };

  /* Reads a place from a link: {model, z, digit, explorer}, where z and digit may be
     null, or {problem}; null if the link is something else. */
  function readLink(hash, names) {
    if (!hash.startsWith("#model=")) return null;
    const given = new URLSearchParams(hash.slice(1));
    const explorer = Number(given.get("explorer")) || 1;
    const model = given.get("model");
    if (!names.includes(model)) return { explorer, problem: PROBLEMS.model };
    const digit = /^\d$/.test(given.get("digit")) ? Number(given.get("digit")) : null;
    if (!given.has("z")) return { explorer, model, digit, z: null };
    const parts = given
      .get("z")
      .split(",")
      .map((part) => part.trim());
    if (parts.length !== 2 || !parts.every((part) => NUMBER.test(part))) {
      return { explorer, problem: PROBLEMS.z };
    }
    return { explorer, model, digit, z: parts.map(Number) };
  }

  /* Writes a link to a place; `explorer` counts those of the page from 1. */
  function writeLink({ name, z, digit }, explorer) {
    const parts = [`model=${name}`, `z=${z.map((v) => v.toFixed(2)).join(",")}`];
    if (book.models[name].labelled) parts.push(`digit=${digit}`);
    if (explorer > 1) parts.push(`explorer=${explorer}`);
    return `${location.href.split("#")[0]}#${parts.join("&")}`;
  }

  Object.assign(book, { readLink, writeLink });
})();
