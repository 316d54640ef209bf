/* The grid: cells to point at or to reach with arrow keys, above the mosaic. */
(function () {
  "use strict";

  const { make } = window.VAEBook.elements;
  const { EMPTY } = window.VAEBook.painter;
  const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }; // prettier-ignore
  const STRONGEST = 2; // times the nats of a uniform code, from which shades are equal

  /* Makes the grid. It calls begin() before each stroke, act(place) for each cell of it,
     erase(place) for the key Delete, and visit(place) for the cell that is pointed at or
     focused. `hint` is the id of what describes it. */
  function makeGrid([rows, columns], hint, { begin, act, erase, visit }) {
    const canvas = make("canvas", { "aria-hidden": "true" });
    const cells = Array.from({ length: rows * columns }, () =>
      make("div", { role: "gridcell", tabindex: -1 }),
    );
    const lines = Array.from({ length: rows }, (_, row) =>
      make("div", { role: "row" }, ...cells.slice(row * columns, (row + 1) * columns)),
    );
    const board = make(
      "div",
      {
        role: "grid",
        class: "cp-cells",
        "aria-label": `Grid of codes, ${rows} × ${columns}`,
        "aria-describedby": hint,
      },
      ...lines,
    );
    const node = make("div", { class: "cp-grid" }, canvas, board);
    node.style.setProperty("--cp-columns", columns);
    let [last, focused] = [null, 0]; // share of the pointer; cell in the order of tabs
    cells[0].tabIndex = 0;

    const placeOf = ([x, y]) => {
      const [row, column] = [Math.floor(y * rows), Math.floor(x * columns)];
      const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
      return isInside ? row * columns + column : null;
    };

    /* Acts on all cells between the last place of the pointer and this one. */
    function stroke(share) {
      if (!last) begin();
      const from = last ?? share;
      const [right, down] = share.map((v, axis) => v - from[axis]);
      const steps = Math.ceil(
        2 * Math.max(Math.abs(right) * columns, Math.abs(down) * rows),
      );
      for (let i = last ? 1 : 0; i <= steps; i++) {
        const part = steps ? i / steps : 1;
        const place = placeOf([from[0] + part * right, from[1] + part * down]);
        if (place !== null) act(place);
      }
      last = share;
      const place = placeOf(share);
      if (place !== null) visit(place);
    }

    function focus(place) {
      cells[focused].tabIndex = -1;
      focused = place;
      cells[place].tabIndex = 0;
    }

    function press(event) {
      const { key } = event;
      const [row, column] = [Math.floor(focused / columns), focused % columns];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (key in MOVES || key === "Home" || key === "End") {
        const [down, right] = MOVES[key] ?? [0, key === "Home" ? -columns : columns];
        const clip = (value, most) => Math.max(0, Math.min(most - 1, value));
        const place = clip(row + down, rows) * columns + clip(column + right, columns);
        cells[place].focus();
      } else if (key === "Enter" || key === " ") {
        begin();
        act(focused);
      } else if (key === "Delete" || key === "Backspace") {
        begin();
        erase(focused);
      } else return;
      event.preventDefault();
    }

    window.VAEBook.followPointer(board, stroke, () => (last = null));
    board.addEventListener("keydown", press);
    board.addEventListener("focusin", ({ target }) => {
      const place = cells.indexOf(target);
      if (place < 0) return;
      focus(place);
      visit(place);
    });
    board.addEventListener("pointerover", ({ target }) => {
      const place = cells.indexOf(target);
      if (place >= 0) visit(place);
    });

    /* Shows names of the cells, and their nats if they are shaded. */
    function show(codes, nats, nameOf, most) {
      cells.forEach((cell, place) => {
        const cost = most ? nats[place] : undefined;
        const share = Math.min(1, cost / (STRONGEST * most));
        cell.setAttribute("aria-label", nameOf(place));
        cell.classList.toggle("cp-empty", codes[place] === EMPTY);
        cell.classList.toggle("cp-shaded", cost !== undefined);
        cell.style.setProperty("--cp-share", cost === undefined ? 0 : share.toFixed(3));
        cell.textContent = cost === undefined ? "" : cost.toFixed(1);
      });
    }

    /* Marks one cell. */
    function mark(place) {
      cells.forEach((cell, each) =>
        cell.classList.toggle("cp-current", each === place),
      );
    }

    return { node, canvas, mark, show };
  }

  Object.assign(window.VAEBook.painter, { makeGrid });
})();
