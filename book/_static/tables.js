/* A table that is too wide scrolls by itself; the keyboard must reach it to do so. */
addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll(".cell_output table")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
});
