/* What the grid costs under both priors, in words and as two bars. */
(function () {
  "use strict";

  const { make, write } = window.VAEBook.elements;
  const { EMPTY } = window.VAEBook.painter;

  /* Makes the table; show(nats) takes the cost of each code before the first empty
     cell. */
  function makeCosts(places, count) {
    const caption = make("caption", {});
    const rows = ["learned prior", "uniform prior"].map((name) => {
      const bar = make("span", { class: "cp-bar", "aria-hidden": "true" });
      const value = make("td", { class: "cp-value" });
      const line = make("td", { class: "cp-line" }, bar);
      return { bar, value, node: make("tr", {}, make("th", { scope: "row" }, name), value, line) }; // prettier-ignore
    });
    const node = make(
      "table",
      { class: "cp-costs" },
      caption,
      make("tbody", {}, ...rows.map((row) => row.node)),
    );
    let sentence = "";

    function show(nats) {
      const sum = nats.reduce((total, cost) => total + cost, 0);
      const costs = [sum, nats.length * Math.log(count)];
      const most = Math.max(...costs, places * Math.log(count));
      rows.forEach(({ bar, value }, i) => {
        value.textContent = `${write(costs[i], 1)} nats`;
        bar.style.width = `${((100 * costs[i]) / most).toFixed(1)}%`;
      });
      const subject = nameCodes(nats.length, places);
      caption.textContent = `${subject}: −log p(k)`;
      sentence =
        `${subject}: ${write(costs[0], 1)} nats under the learned prior, ` +
        `${write(costs[1], 1)} under the uniform prior.`;
    }

    return { node, show, say: () => sentence };
  }

  function nameCodes(known, places) {
    if (known === places) return `Cost of this grid, ${places} codes`;
    if (known === 0) return "Cost of no codes";
    return `Cost of the first ${known === 1 ? "code" : `${known} codes`}`;
  }

  /* Says what a code costs at a cell. */
  function describeCell(place, columns, code, cost) {
    const where = `Row ${Math.floor(place / columns) + 1}, column ${(place % columns) + 1}`;
    if (code === EMPTY) return `${where}: empty`;
    if (cost === undefined) return `${where}: code ${code}`;
    return `${where}: code ${code} costs ${write(cost)} nats`;
  }

  Object.assign(window.VAEBook.painter, { describeCell, makeCosts });
})();
