/* What is too wide, a table or a formula, scrolls by itself; the keyboard must reach it
   to do so. */
(function () {
  "use strict";

  function reach(selector) {
    for (const wide of document.querySelectorAll(selector)) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    }
  }

  addEventListener("DOMContentLoaded", () => reach(".cell_output table"));
  addEventListener("load", async () => {
    await window.MathJax?.startup?.promise;
    reach("div.math");
  });
})();
