/* The numbers of a run in a table: as the code reports them, and as they are. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, write } = window.VAEBook.elements;
  const COLUMNS = ["", "nll", "kl", "sum"];
  const LARGE = 1e6; // above, a number is written with a power of ten

  /* Makes the table; show(run) fills it. */
  function makeNumbers() {
    const body = make("tbody", {});
    const head = make("tr", {}, ...COLUMNS.map((name) => make("th", { scope: "col" }, name)));
    const caption = make("caption", {}, "Nats per example, in the mean");
    const table = make("table", { class: "vp-numbers" });
    table.append(caption, make("thead", {}, head), body);
    const show = ({ records, settings }) => {
      const last = records.at(-1);
      if (last) body.replaceChildren(...listRows(last, settings));
    };
    return { node: table, show };
  }

  function listRows({ trained, training, heldOut }, { mode }) {
    const isVae = mode === "vae";
    const kl = (value) => (isVae ? value : null);
    const scored = (name, { nll, kl: own }, mark) =>
      makeRow(name, [nll, kl(own), isVae ? nll + own : null], mark);
    return [
      makeRow(
        isVae ? "loss reported in training" : "loss reported",
        trained ? [trained.nll, kl(trained.kl), trained.loss] : [null, null, null],
        "vp-reported",
      ),
      scored("training data", training, "vp-training"),
      scored("held-out data", heldOut, "vp-held-out"),
    ];
  }

  function makeRow(name, values, mark) {
    const key = make("span", { class: `vp-key ${mark}` });
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, key, name),
      ...values.map((value) => make("td", {}, writeNumber(value))),
    );
  }

  /* Writes a number with two decimals; "–" where there is none. */
  function writeNumber(value) {
    if (value === null) return "–";
    if (!Number.isFinite(value)) return "no number";
    return Math.abs(value) < LARGE ? write(value, 2) : value.toExponential(1);
  }

  P.makeNumbers = makeNumbers;
})();
