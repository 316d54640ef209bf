/* The numbers of a run in a table: as training reports them, and as they are. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, write } = window.VAEBook.elements;
  const COLUMNS = ["nll", "kl", "nll + kl", "loss"];
  const LARGE = 1e5; // from here on, numbers are written with a power of ten
  const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  /* Makes the table; show(run) fills it. */
  function makeNumbers() {
    const body = make("tbody", {});
    const titles = COLUMNS.map((name) => make("th", { scope: "col" }, name));
    const head = make("tr", {}, make("td", {}), ...titles);
    const caption = make("caption", {}, "Nats per example, in the mean");
    const table = make("table", { class: "vp-numbers" });
    table.append(caption, make("thead", {}, head), body);
    const show = ({ records, settings }) => {
      const last = records.at(-1);
      if (last) body.replaceChildren(...listRows(last, settings));
    };
    return { node: table, show };
  }

  /* Lists what training reports, means over the steps of the last epoch, and correct scores
     after it. Only training has a loss: with β, and with its bugs. */
  function listRows({ trained, training, heldOut }, { mode }) {
    const row = (name, { nll, kl, loss = null }, mark) => {
      const terms =
        mode === "vae" ? [nll, kl, nll === null ? null : nll + kl] : [nll, null, null];
      return makeRow(name, [...terms, loss], mark);
    };
    return [
      row("reported while training", trained ?? { nll: null, kl: null }, "vp-reported"),
      row("training data", training, "vp-training"),
      row("held-out data", heldOut, "vp-held-out"),
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

  /* Writes a number; large ones with a power of ten, "–" where there is none. */
  function writeNumber(value, decimals = 2) {
    if (value === null) return "–";
    if (!Number.isFinite(value)) return "not finite";
    if (Math.abs(value) < LARGE) return write(value, decimals);
    const [digits, power] = value.toExponential(1).split("e+");
    const raised = [...power].map((digit) => POWERS[digit]).join("");
    return `${digits.replace("-", "−")} × 10${raised}`;
  }

  Object.assign(P, { makeNumbers, writeNumber });
})();
