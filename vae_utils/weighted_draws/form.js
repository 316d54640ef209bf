/* The widget: the plane, the running estimate, sliders, and buttons for proposals. */
(function () {
  "use strict";

  const { afterQuiet, make, makeButton, makeChoice, makeSlider, once, write } =
    window.VAEBook.elements;
  const { MOST, makeCurve, makeMap, makePlane, weigh } = window.VAEBook.draws;
  const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, MOST]; // draws to choose from
  const FIRST = 3; // the place of 10 among them
  const STEP = 0.005; // of means and widths
  const NARROWEST = 0.01;
  const WIDEST = 5; // a width is at most this part of the plane: draws stay inside

  /* Puts the widget into an element, in place of its fallback. */
  function start(id, cases) {
    const planes = cases.map(makePlane);
    const map = makeMap(change);
    const curve = makeCurve();
    const digit = make("img", { class: "wd-digit", width: 84, height: 84 });
    const numbers = make("p", { class: "wd-numbers" });
    const said = make("output", { class: "vw-said" });
    const announce = afterQuiet(() => (said.textContent = numbers.textContent));
    const sliders = makeSliders(change);
    const redraw = once(requestAnimationFrame, show);
    let state = { count: COUNTS[FIRST] };
    let isReady = false; // until then, nothing is announced

    function change(changes) {
      const next = { ...state, ...changes };
      state = settle(next, cases[next.index]);
      sliders.show(state, cases[state.index]);
      redraw();
      if (isReady) announce();
    }

    function choose(index) {
      const [first] = Object.values(cases[index].proposals);
      map.setPlane(planes[index]);
      digit.src = cases[index].picture;
      digit.alt = `The image: ${cases[index].name}`;
      change({ index, ...first });
    }

    function show() {
      const { index, count } = state;
      const { exact } = cases[index];
      const weighed = weigh(planes[index], state, count);
      const excess = weighed.estimates.map((estimate) => estimate - exact);
      const text = makeSentence(weighed, exact, count);
      map.show(state, weighed);
      curve.show(excess);
      map.describe(describe(state, count));
      curve.describe(text);
      numbers.textContent = text;
    }

    const proposals = Object.keys(cases[0].proposals).map((name) =>
      makeButton(name, () => change(cases[state.index].proposals[name])),
    );
    const scaled = (factor) => () =>
      change({ sigma: state.sigma.map((sigma) => factor * sigma) });
    const names = cases.map(({ name }, index) => [index, name]);
    const images = makeChoice(`${id}-image`, "Image", names, choose);
    images.check(0);
    document
      .getElementById(id)
      .replaceChildren(
        make("div", { class: "wd-top" }, images, digit),
        make(
          "div",
          { class: "wd-drawings" },
          make("figure", {}, map.node, make("figcaption", {}, "codes z")),
          make("figure", {}, curve.node, make("figcaption", {}, "estimate − exact value")),
        ),
        numbers,
        sliders.node,
        make(
          "div",
          { class: "vw-buttons" },
          ...proposals,
          makeButton("Twice as wide", scaled(2)),
          makeButton("Half as wide", scaled(0.5)),
        ),
        said,
      );
    choose(0);
    isReady = true;
  }

  /* Keeps q in the plane that is shown, in whole steps. */
  function settle(state, { low, high }) {
    const round = (value) => Math.round(value / STEP) * STEP;
    const clip = (value, least, most) => Math.max(least, Math.min(most, value));
    const widest = (high[0] - low[0]) / WIDEST;
    return {
      ...state,
      mean: state.mean.map((v, axis) => round(clip(v, low[axis], high[axis]))),
      sigma: state.sigma.map((v) => clip(round(v), NARROWEST, round(widest))),
    };
  }

  /* Makes a slider for the draws, and two each for the centre and the width. */
  function makeSliders(change) {
    let state = null;
    const replace = (name, axis) => (value) =>
      change({ [name]: state[name].map((v, i) => (i === axis ? value : v)) });
    const rows = {
      count: makeSlider("K, draws", (place) => change({ count: COUNTS[place] })),
      mean0: makeSlider("μ₁, centre of q", replace("mean", 0)),
      mean1: makeSlider("μ₂", replace("mean", 1)),
      sigma0: makeSlider("σ₁, width of q", replace("sigma", 0)),
      sigma1: makeSlider("σ₂", replace("sigma", 1)),
    };

    function show(next, { low, high }) {
      state = next;
      rows.count.show(COUNTS.indexOf(state.count), String(state.count), {
        min: 0, max: COUNTS.length - 1, step: 1,
      }); // prettier-ignore
      for (const axis of [0, 1]) {
        const range = { min: low[axis], max: high[axis], step: STEP };
        rows[`mean${axis}`].show(state.mean[axis], write(state.mean[axis]), range);
        const widths = { min: NARROWEST, max: (high[0] - low[0]) / WIDEST, step: STEP };
        rows[`sigma${axis}`].show(state.sigma[axis], write(state.sigma[axis], 3), widths);
      }
    }

    const nodes = Object.values(rows).map(({ node }) => node);
    return { node: make("div", { class: "vw-sliders" }, ...nodes), show };
  }

  /* Says what a reader sees. */
  function makeSentence({ shares, estimates, ess }, exact, count) {
    const estimate = estimates.at(-1);
    const off = estimate - exact;
    const side = off < 0 ? "too low" : "too high";
    const largest = Math.round(100 * Math.max(...shares));
    return (
      `K = ${count}: estimate ${write(estimate, 1)} nats, exact ${write(exact, 1)}, ` +
      `${write(Math.abs(off), 2)} ${side}. Largest weight: ${largest} % of the sum. ` +
      `Effective sample size: ${write(ess, 1)} of ${count}.`
    );
  }

  function describe({ mean, sigma }, count) {
    const pair = (values, decimals) => values.map((v) => write(v, decimals)).join(", ");
    return (
      `The true posterior as a grey cloud. q is an ellipse around ${pair(mean, 2)} with ` +
      `widths ${pair(sigma, 3)}; ${count} draws are dots, larger if they weigh more.`
    );
  }

  Object.assign(window.VAEBook.draws, { makeSentence, start });
})();
