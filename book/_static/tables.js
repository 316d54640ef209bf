/* Wide tables take the room at the right of the text, as far as the page goes, and hide
   the list of contents while they lie over it. What is still too wide, a table or a
   formula, scrolls by itself; the keyboard must reach it to do so. */
(function () {
  "use strict";

  const TABLES =
    ".cell_output .output.text_html:has(> table, > div > table.dataframe)," +
    " .bd-article .pst-scrollable-table-container";

  // Returns what scrolls a table, for all tables of the page.
  const list = () => [...document.querySelectorAll(TABLES)];

  // Lets tables be as wide as from their left edge to the end of the page's main part.
  function makeRoom(main) {
    const end = main.getBoundingClientRect().right - 16;
    for (const box of list()) {
      const begin = box.getBoundingClientRect().left; // 0 of what is folded
      if (begin) box.style.setProperty("--table-room", `${Math.floor(end - begin)}px`);
    }
    reach(list(), "Table that scrolls");
  }

  // Lets the keyboard scroll what is wider or higher than its box.
  function reach(boxes, label) {
    for (const box of boxes) {
      const wide = box.scrollWidth > box.clientWidth;
      if (!wide && box.scrollHeight <= box.clientHeight + 1) continue;
      box.tabIndex = 0;
      if (!label) continue;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", label);
    }
  }

  // Hides the list of contents while a table lies over it.
  function watch() {
    const contents = document.querySelector(".bd-sidebar-secondary");
    if (!contents) return;
    const over = new Set();
    const watcher = new IntersectionObserver((entries) => {
      const edge = contents.getBoundingClientRect().left;
      for (const { target, isIntersecting, boundingClientRect } of entries) {
        const covers = isIntersecting && boundingClientRect.right > edge;
        over[covers ? "add" : "delete"](target);
      }
      contents.classList.toggle("hide", over.size > 0);
    });
    for (const box of list()) watcher.observe(box);
  }

  function prepare() {
    const main = document.querySelector(".bd-content");
    if (!main) return;
    makeRoom(main);
    new ResizeObserver(() => makeRoom(main)).observe(main);
    main.addEventListener("toggle", () => makeRoom(main), true); // unfolded
    watch();
  }

  // Lets the keyboard scroll formulas, once they are set.
  async function reachFormulas() {
    await window.MathJax?.startup?.promise;
    reach(document.querySelectorAll("div.math"));
  }

  prepare(); // this script waits for the page, or comes later
  if (document.readyState === "complete") reachFormulas();
  else addEventListener("load", reachFormulas);
})();
