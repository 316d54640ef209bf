/* What is wider than its box scrolls by itself, and the keyboard must reach it to do so.

   A box is reachable as long as something sticks out: that changes with the window, with
   what is unfolded, and when MathJax has set a formula. */
(function () {
  "use strict";

  const BOXES =
    "main pre, main .cell_output table, main div.math, .pst-scrollable-table-container";

  /* Makes a box reachable if it can be scrolled, and takes that back if not. */
  function update(box) {
    const scrolls = box.scrollWidth > box.clientWidth;
    if (scrolls && box.tabIndex < 0) {
      box.tabIndex = 0;
      box.dataset.reach = "";
    } else if (!scrolls && "reach" in box.dataset) {
      box.removeAttribute("tabindex");
      delete box.dataset.reach;
    }
  }

  /* Watches the size of every box. */
  async function watch() {
    const sizes = new ResizeObserver((all) => all.forEach((one) => update(one.target)));
    const boxes = document.querySelectorAll(BOXES);
    for (const box of boxes) sizes.observe(box);
    await window.MathJax?.startup?.promise;
    boxes.forEach(update);
  }

  if (document.readyState === "complete") watch(); // this script may come late
  else addEventListener("load", watch);
})();
