/* The palette: all codes of the codebook as radio buttons, each with its patch. */
(function () {
  "use strict";

  const { make } = window.VAEBook.elements;

  /* Makes the palette; chosen(code) is called for the code that is picked. */
  function makePalette(name, count, paintPatch, chosen) {
    const labels = Array.from({ length: count }, (_, code) => {
      const canvas = make("canvas", { "aria-hidden": "true" });
      paintPatch(canvas, code);
      const input = make("input", {
        type: "radio",
        name,
        value: code,
        "aria-label": `code ${code}`,
        change: () => chosen(code),
      });
      return make("label", { title: `code ${code}` }, input, make("span", {}, canvas));
    });
    const legend = make("legend", {}, "Code to paint with");
    const node = make(
      "fieldset",
      { class: "vw-choice cp-palette" },
      legend,
      make("div", {}, ...labels),
    );

    /* Picks a code without a call. */
    function check(code) {
      node.querySelector(`input[value="${code}"]`).checked = true;
      legend.textContent = `Code to paint with: ${code}`;
    }

    return { node, check };
  }

  Object.assign(window.VAEBook.painter, { makePalette });
})();
