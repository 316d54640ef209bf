/* The toy: curves, bars, two sliders, and buttons for three proposals. */
(function () {
  "use strict";

  const { afterQuiet, make, makeButton, makeSlider, once, write } =
    window.VAEBook.elements;
  const { findBest, makeBars, makeCurves, makeModel } = window.VAEBook.toy;
  const RANGES = {
    mean: { min: -1, max: 2.5, step: 0.01, name: "μ, the centre of q" },
    sigma: { min: 0.05, max: 1.5, step: 0.01, name: "σ, its width" },
  };
  const START = { mean: 2, sigma: 0.5 };
  const CLOSE = 0.002; // nats above the best bound that count as the best
  const NONE = 0.0005; // a gap that is zero as written

  /* Computes all numbers of a proposal. */
  function measure(model, state) {
    const { nll, kl } = state.isExact ? model.exactTerms() : model.terms(state);
    const cost = -model.evidence;
    return { nll, kl, bound: nll + kl, cost, gap: nll + kl - cost };
  }

  /* Says what a reader sees in one or two sentences. */
  function judge(terms, state, least) {
    if (state.isExact)
      return (
        "q is the true posterior, which has no μ and σ: the gap is closed, and −ELBO " +
        "is −log p(x). Move a slider to go back to a normal q."
      );
    if (terms.gap < NONE) return "The gap is closed.";
    if (terms.bound < least + CLOSE)
      return (
        `No normal q does better. It leaves a gap of ${write(terms.gap)} nats, because ` +
        "the true posterior is not normal."
      );
    if (state.mean === 0 && state.sigma === 1)
      return "q is the prior: kl is zero, and nll pays for it.";
    return "The gap can still shrink.";
  }

  /* Makes a slider, without a number while q is no normal distribution. */
  function makeRange(name, moved) {
    const { name: text, ...range } = RANGES[name];
    const slider = makeSlider(text, (value) => moved({ [name]: value }), {
      ...range,
      "data-name": name,
    });
    const show = (number, isUsed) => {
      slider.show(number, isUsed ? write(number) : "–");
      slider.field.classList.toggle("tb-unused", !isUsed);
      if (!isUsed) slider.field.setAttribute("aria-valuetext", "not used");
    };
    return { node: slider.node, show };
  }

  /* Keeps a number in the range of its slider, in whole steps. */
  function settle(name, value) {
    const { min, max, step } = RANGES[name];
    return Math.max(min, Math.min(max, Math.round(value / step) * step));
  }

  function makeSentence({ nll, kl, bound, cost, gap }) {
    return (
      `−ELBO = nll + kl = ${write(nll)} + ${write(kl)} = ${write(bound)}, and ` +
      `−log p(x) + gap = ${write(cost)} + ${write(gap)}.`
    );
  }

  /* Puts the toy into an element, in place of its fallback. */
  function start(id, settings) {
    const model = makeModel(settings);
    const best = findBest(model);
    const least = measure(model, best).bound;
    const curves = makeCurves(model, (changes) => {
      const settled = Object.entries(changes).map(([k, v]) => [k, settle(k, v)]);
      if (settled.length) change(Object.fromEntries(settled));
    });
    const bars = makeBars();
    const sliders = {
      mean: makeRange("mean", change),
      sigma: makeRange("sigma", change),
    };
    const verdict = make("p", { class: "tb-verdict" });
    const said = make("output", { class: "vw-said" });
    const announce = afterQuiet(() => (said.textContent = verdict.textContent));
    const redraw = once(requestAnimationFrame, () => {
      const terms = measure(model, state);
      curves.show(state);
      bars.show(terms);
      curves.describe(describe(state));
      bars.describe(makeSentence(terms));
      verdict.textContent = judge(terms, state, least);
    });
    let state = null; // until the page is ready, nothing is announced

    function change(changes) {
      if (state) announce();
      state = { ...state, isExact: false, ...changes };
      for (const [name, { show }] of Object.entries(sliders))
        show(state[name], !state.isExact);
      redraw();
    }

    const buttons = [
      makeButton("Prior", () => change({ mean: 0, sigma: 1 })),
      makeButton("Best normal q", () => change(best)),
      makeButton("True posterior", () => change({ isExact: true })),
    ];
    document
      .getElementById(id)
      .replaceChildren(
        makeLegend(),
        curves.node,
        make("div", { class: "vw-sliders" }, sliders.mean.node, sliders.sigma.node),
        make("div", { class: "vw-buttons" }, make("span", {}, "q is the"), ...buttons),
        bars.node,
        verdict,
        said,
      );
    change(START);
  }

  function describe({ isExact, mean, sigma }) {
    const q = isExact
      ? "q lies on it."
      : `q has μ = ${write(mean)}, σ = ${write(sigma)}.`;
    return `The true posterior rises steeply and has a long right tail; ${q}`;
  }

  function makeLegend() {
    return make(
      "p",
      { class: "tb-legend" },
      make("span", { class: "tb-is-posterior" }, "true posterior p(z|x)"),
      make("span", { class: "tb-is-proposal" }, "proposal q(z)"),
    );
  }

  Object.assign(window.VAEBook.toy, { measure, start });
})();
