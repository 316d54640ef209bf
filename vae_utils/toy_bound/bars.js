/* Where the nats go: nll and kl end where −log p(x) and the gap end, at −ELBO. */
(function () {
  "use strict";

  const { draw, write } = window.VAEBook.elements;
  const { makeDrawing } = window.VAEBook.toy;
  const [LOW, HIGH] = [-1, 4]; // nats shown
  const SHORTEST = 0.005; // nats that are seen
  const ROW = 26; // pixels
  const TOP = 22;
  const NAMES = 116; // pixels that names and numbers take
  const HEIGHT = TOP + 4 * ROW + 22;

  /* Lists each bar as [name, where it starts, its length]. */
  function listBars({ nll, kl, cost, gap }) {
    return [
      ["nll", 0, nll],
      ["kl", nll, kl],
      ["−log p(x)", 0, cost],
      ["gap", cost, gap],
    ];
  }

  /* Makes the bars; `show` draws terms = {nll, kl, cost, gap, bound}. */
  function makeBars() {
    let shown = null;
    const drawing = makeDrawing(HEIGHT, () => shown && show(shown));
    const { node, svg, width } = drawing;
    const clip = (nats) => Math.max(LOW, Math.min(HIGH, nats));
    const across = (nats) =>
      NAMES + ((clip(nats) - LOW) / (HIGH - LOW)) * (width() - NAMES - 4);

    function makeRow([name, start, length], index) {
      const [first, last] = [start, start + length].map(across).sort((a, b) => a - b);
      const y = TOP + index * ROW;
      const bar = {
        x: first,
        y: y + 4,
        width: Math.max(1, last - first),
        height: ROW - 8,
      };
      const texts = { y: y + ROW / 2 };
      const kind = { "−log p(x)": "evidence" }[name] ?? name;
      const row = [
        draw("text", { ...texts, x: 0, class: "tb-start" }, name),
        draw("text", { ...texts, x: NAMES - 8, class: "tb-end" }, write(length)),
        draw("rect", { ...bar, class: `tb-${kind}` }),
      ];
      if (start + length > HIGH && length > SHORTEST)
        row.push(draw("text", { ...texts, x: width() - 10, class: "tb-beyond" }, "▸"));
      return row;
    }

    function makeScale() {
      const bottom = TOP + 4 * ROW;
      const marks = [-1, 0, 1, 2, 3, 4].map((nats) =>
        draw(
          "text",
          { x: across(nats), y: bottom + 10 },
          String(nats).replace("-", "−"),
        ),
      );
      marks.at(-1).setAttribute("class", "tb-end");
      const unit = draw("text", { x: 0, y: bottom + 10, class: "tb-start" }, "nats");
      const zero = { d: `M${across(0)},${TOP}V${bottom}`, class: "tb-axis" };
      return [draw("path", zero), ...marks, unit];
    }

    function show(terms) {
      shown = terms;
      const end = across(terms.bound);
      const side = end > width() - 80 ? "tb-end" : "";
      svg.replaceChildren(
        ...makeScale(),
        ...listBars(terms).flatMap(makeRow),
        draw("path", { d: `M${end},${TOP - 6}V${TOP + 4 * ROW}`, class: "tb-bound" }),
        draw("text", { x: end, y: 8, class: side }, `−ELBO ${write(terms.bound)}`),
      );
    }

    return { node, show, describe: (text) => svg.setAttribute("aria-label", text) };
  }

  Object.assign(window.VAEBook.toy, { makeBars });
})();
