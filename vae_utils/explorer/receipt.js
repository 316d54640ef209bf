/* Where the nats go: a receipt that adds up to −ELBO, and a map of the pixels. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { make, write } = book.elements;
  const SIDE = 28;
  const FULL = 3; // nats from which on a pixel has the full colour
  const INK = [112, 112, 112];
  const EMPTY = [0, 0, 0];
  const MISSED = [255, 176, 0]; // colour-blind readers can tell it from blue
  const ADDED = [58, 140, 255];
  const round = (nats) => Math.round(10 * nats); // tenths of nats, so that parts add up
  const sum = (values) => values.reduce((total, value) => total + value, 0);

  /* Lists the rows of a receipt, [title, tenths of nats, tenths on average, is a part].
     Terms are rounded; the last part of each is what the others leave, so that parts
     add up as shown. */
  function listRows(costs, average) {
    const nll = round(costs.missed + costs.added);
    const missed = round(costs.missed);
    const rows = [
      ["ink missed", missed, null, true],
      ["ink added", nll - missed, null, true],
      ["reconstruction term (nll)", nll, round(average.nll), false],
    ];
    if (!costs.kl) return rows;
    const kl = round(sum(costs.kl));
    const first = round(costs.kl[0]);
    rows.push(["KL of z₁", first, null, true], ["KL of z₂", kl - first, null, true]);
    rows.push(["KL term (kl)", kl, round(average.kl), false]);
    rows.push(["−ELBO", nll + kl, round(average.nll) + round(average.kl), false]);
    return rows;
  }

  /* Makes the table of a receipt, with the parts of each term or without. */
  function makeReceipt(rows, detailed) {
    const head = ["nats", "this digit", "test mean"].map((title) =>
      make("th", { scope: "col" }, title),
    );
    const shown = rows.filter(([, , , isPart]) => detailed || !isPart);
    const lines = shown.map(([title, ...values]) => {
      const isPart = values.pop();
      const cells = values.map((tenths) =>
        make("td", {}, tenths === null ? "" : write(tenths / 10, 1)),
      );
      const kind = isPart ? "vx-part" : "vx-term";
      return make("tr", { class: kind }, make("th", { scope: "row" }, title), ...cells);
    });
    const top = make("thead", {}, make("tr", {}, ...head));
    return make("table", { class: "vx-receipt" }, top, make("tbody", {}, ...lines));
  }

  /* Says the rows of a receipt in words, for screen readers. */
  function sayReceipt(rows, detailed) {
    const said = rows
      .filter(([, , , isPart]) => detailed || !isPart)
      .map(([title, tenths, average]) => {
        const mean =
          average === null ? "" : ` (test digits on average ${write(average / 10, 1)})`;
        return `${title} ${write(tenths / 10, 1)}${mean}`;
      });
    return `In nats: ${said.join(", ")}.`;
  }

  /* Colours a pixel by its cost, over the drawing. */
  function colourOf(isInk, cost) {
    const [from, to] = isInk ? [INK, MISSED] : [EMPTY, ADDED];
    const share = Math.min(1, cost / FULL);
    return from.map((value, i) => value + share * (to[i] - value));
  }

  /* Paints the cost of each pixel over the drawing. */
  function paintCosts(canvas, pixels, costs) {
    canvas.width = canvas.height = SIDE;
    const pen = canvas.getContext("2d");
    const data = pen.createImageData(SIDE, SIDE);
    pixels.forEach((value, i) =>
      data.data.set([...colourOf(value > 0, costs.pixels[i]), 255], 4 * i),
    );
    pen.putImageData(data, 0, 0);
    const parts = [costs.missed, costs.added].map((nats) => write(nats, 1));
    canvas.setAttribute(
      "aria-label",
      `Cost of each pixel: ${parts[0]} nats on drawn ink that the decoder missed, ` +
        `${parts[1]} nats where it added ink`,
    );
  }

  /* Makes the legend of the map of costs. */
  function makeLegend() {
    const entry = (colour, text) => {
      const style = `background: rgb(${colour})`;
      return make("li", {}, make("span", { class: "vx-swatch", style }), text);
    };
    return make(
      "ul",
      { class: "vx-legend vw-small" },
      entry(MISSED, "ink missed: you drew, the decoder doubted"),
      entry(ADDED, "ink added: the decoder drew, you did not"),
      entry(INK, `drawn ink that costs nothing; full colour from ${FULL} nats a pixel`),
    );
  }

  Object.assign(book, { listRows, makeLegend, makeReceipt, paintCosts, sayReceipt });
})();
