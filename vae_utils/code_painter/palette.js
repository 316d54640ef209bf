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
      return make(
        "label",
        { title: `code ${code}` },
        input,
        make("span", {}, canvas, String(code)),
      );
    });
    const legend = make("legend", {}, "Code to paint with");
    const box = make("div", {}, ...labels);
    const node = make("fieldset", { class: "vw-choice cp-palette" }, legend, box);

    /* Picks a code without a call, and scrolls to it where not all codes are seen. */
    function check(code) {
      const label = labels[code];
      label.firstChild.checked = true;
      legend.textContent = `Code to paint with: ${code}`;
      const below = label.offsetTop + label.offsetHeight - box.clientHeight;
      if (label.offsetTop < box.scrollTop) box.scrollTop = label.offsetTop;
      else if (below > box.scrollTop) box.scrollTop = below;
    }

    return { node, check };
  }

  Object.assign(window.VAEBook.painter, { makePalette });
})();
