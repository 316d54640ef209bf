/* What each latent dimension carries, which of them are active, and dead hidden units. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make } = window.VAEBook.elements;
  const FULL = 6; // nats of a full bar, unless there is a longer one

  /* Makes the bars; show(run) fills them. */
  function makeBars() {
    const list = make("ul", { class: "vp-bars" });
    const units = make("p", { class: "vw-small vp-units" });
    const title = make("figcaption", {});
    const node = make("figure", {}, title, list, units);
    const show = ({ records, settings }) => {
      const last = records.at(-1);
      if (!last) return;
      const { klPerDimension, variances, dead } = last.heldOut;
      const isVae = settings.mode === "vae";
      title.textContent = isVae
        ? "kl of each dimension, nats"
        : "variance of each dimension's codes";
      const values = isVae ? klPerDimension : variances;
      const full = Math.max(isVae ? FULL : 0, ...values);
      const active = variances.map((variance) => variance > P.ACTIVE_VARIANCE);
      list.replaceChildren(
        ...values.map((value, i) => makeBar(i, value, full, active[i])),
      );
      units.textContent = describeUnits(dead);
    };
    return { node, show };
  }

  function makeBar(i, value, full, isActive) {
    const width = `width: ${((100 * Math.max(0, value)) / full).toFixed(1)}%`;
    const words = P.writeNumber(value) + (isActive ? "" : ", not active");
    return make(
      "li",
      { class: isActive ? "" : "vp-inactive" },
      make("span", {}, `z${P.subscript(i + 1)}`),
      make(
        "span",
        { class: "vp-track" },
        make("span", { class: "vp-bar", style: width }),
      ),
      make("span", {}, words),
    );
  }

  /* Says how many units of each hidden layer were zero for all held-out examples. */
  function describeUnits(dead) {
    const parts = dead.map((each) => `${each.name}: ${each.dead} of ${each.units}`);
    return parts.length ? `Dead units: ${parts.join(", ")}` : "";
  }

  P.makeBars = makeBars;
})();
