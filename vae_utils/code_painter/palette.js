/* The palette: radio buttons, one that erases and one for each code of the codebook. */
(function () {
  "use strict";

  const { make } = window.VAEBook.elements;
  const { EMPTY } = window.VAEBook.painter;

  /* Makes the palette; chosen(code) is called for what is picked, EMPTY to erase. */
  function makePalette(name, count, paintPatch, chosen) {
    const labels = new Map();

    function add(code, title, picture, text) {
      const change = () => chosen(code);
      const settings = {
        type: "radio",
        name,
        value: code,
        "aria-label": title,
        change,
      };
      const shown = make("span", {}, picture, text);
      labels.set(code, make("label", { title }, make("input", settings), shown));
    }

    const eraser = make("i", { class: "cp-open" });
    add(EMPTY, "erase a cell and all after it", eraser, "erase");
    for (let code = 0; code < count; code++) {
      const canvas = make("canvas", { "aria-hidden": "true" });
      paintPatch(canvas, code);
      add(code, `paint code ${code}`, canvas, String(code));
    }
    const legend = make("legend", {});
    const node = make(
      "fieldset",
      { class: "vw-choice cp-palette" },
      legend,
      make("div", {}, ...labels.values()),
    );

    /* Picks a code without a call. */
    function check(code) {
      labels.get(code).firstChild.checked = true;
      const erases = "A click erases a cell and all after it";
      legend.textContent = code === EMPTY ? erases : `A click paints code ${code}`;
    }

    return { node, check };
  }

  Object.assign(window.VAEBook.painter, { makePalette });
})();
