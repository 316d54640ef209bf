/* All parts of the painter and how they are arranged. */
(function () {
  "use strict";

  const { make, write } = window.VAEBook.elements;
  const P = window.VAEBook.painter;
  const MOST_COLUMNS = 9; // of a grid that leaves room for the image in a narrow window
  const HINT =
    "Click or drag on the grid. On the keyboard, arrow keys move, Enter acts like a " +
    "click, and Delete erases. The picture of a code shows what is around it, on average.";

  /* Makes the sheet; `calls` has a function for each thing that a reader can do. */
  function makeSheet(id, packed, pictures, calls) {
    const { grid: sides, codes: count, starts } = packed;
    const [rows, columns] = sides;
    const hint = make("p", { class: "cp-hint", id: `${id}-hint` }, HINT);
    const grid = P.makeGrid(sides, hint.id, calls);
    const palette = P.makePalette(`${id}-code`, count, pictures.paintPatch, calls.pick);
    const controls = P.makeControls(id, starts, calls);
    const costs = P.makeCosts(rows * columns, count);
    const image = make("canvas", { role: "img" });
    const marker = make("div", { class: "cp-marker" });
    const cell = make("p", { class: "cp-cell" });
    const message = make("p", { class: "cp-message" });
    const said = make("output", { class: "vw-said" });

    const figure = (caption, ...nodes) =>
      make("figure", {}, ...nodes, make("figcaption", {}, caption));
    const frame = make("div", { class: "cp-image" }, image, marker);
    frame.style.setProperty("--cp-columns", columns);
    frame.style.setProperty("--cp-rows", rows);
    const isWide = columns > MOST_COLUMNS ? " cp-wide" : "";
    const nodes = [
      controls.start,
      make(
        "div",
        { class: `cp-pictures${isWide}` },
        figure("codes", grid.node),
        figure("their mean image", frame),
      ),
      cell,
      palette.node,
      controls.edit,
      controls.draw,
      message,
      costs.node,
      controls.shading,
      hint,
      said,
    ];

    /* Shows codes, the image of them, and what each costs. */
    function show({ codes, means, nats, isShaded, place, text, ...status }) {
      const nameOf = (each) => P.describeCell(each, columns, codes[each], nats[each]);
      const left = codes.filter((code) => code === P.EMPTY).length;
      pictures.paintMosaic(grid.canvas, codes);
      pictures.paintImage(image, means, codes);
      image.setAttribute("aria-label", describeImage(left));
      grid.show(codes, nats, nameOf, isShaded ? Math.log(count) : 0);
      costs.show(nats);
      message.textContent = text;
      controls.show({ ...status, isFull: left === 0, isEmpty: codes[0] === P.EMPTY });
      showCell(place, codes, nats);
    }

    /* Shows which cell is pointed at, and what its code costs. */
    function showCell(place, codes, nats) {
      const name = P.describeCell(place, columns, codes[place], nats[place]);
      const even = `, given those before it (uniform: ${write(Math.log(count))})`;
      cell.textContent = `${name}${nats[place] === undefined ? "" : even}.`;
      grid.mark(place);
      marker.style.setProperty("--cp-column", place % columns);
      marker.style.setProperty("--cp-row", Math.floor(place / columns));
    }

    const say = () =>
      (said.textContent = `${message.textContent} ${costs.say()}`.trim());
    return { nodes, check: palette.check, say, show, showCell };
  }

  function describeImage(left) {
    const hole = `, without those of ${left === 1 ? "an empty cell" : `${left} empty cells`}`;
    return `The mean image of the codes${left ? hole : ""}`;
  }

  Object.assign(P, { makeSheet });
})();
