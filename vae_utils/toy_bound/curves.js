/* The two curves: the true posterior, and the proposal with its handles. */
(function () {
  "use strict";

  const { draw, make } = window.VAEBook.elements;
  const { logNormal } = window.VAEBook.toy;
  const [LOW, HIGH] = [-1.5, 3.5]; // codes shown
  const HIGHEST = 1.6; // density shown
  const HEIGHT = 250; // pixels, of which the axis takes some
  const AXIS = 24;
  const TOP = 28; // pixels above the highest density, for a handle and its name
  const POINTS = 300;

  /* Makes a drawing that is redrawn whenever its width changes: one unit is one pixel. */
  function makeDrawing(height, redraw) {
    const svg = draw("svg", { height, role: "img" });
    const node = make("div", { class: "tb-drawing" }, svg);
    let width = 0;
    new ResizeObserver(() => {
      if (node.clientWidth === width || !node.clientWidth) return;
      width = node.clientWidth;
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("width", width);
      redraw();
    }).observe(node);
    return { node, svg, width: () => width };
  }

  /* Makes the curves; dragged({mean} or {sigma}) is called when a handle is moved. */
  function makeCurves(model, dragged) {
    let state = null;
    const drawing = makeDrawing(HEIGHT, () => state && show(state));
    const { node, svg, width } = drawing;
    const across = (z) => ((z - LOW) / (HIGH - LOW)) * width();
    const codeAt = (share) => LOW + share * (HIGH - LOW);
    const up = (density) =>
      TOP + (HEIGHT - AXIS - TOP) * (1 - Math.min(density, HIGHEST) / HIGHEST);
    const handles = ["mean", "sigma"].map((name) => makeHandle(svg, name));
    const normal = (z) => Math.exp(logNormal(z, state.mean, state.sigma));

    function path(density) {
      const codes = Array.from({ length: POINTS + 1 }, (_, i) => codeAt(i / POINTS));
      const points = codes.map(
        (z) => `${across(z).toFixed(1)},${up(density(z)).toFixed(1)}`,
      );
      return `M${points.join("L")}`;
    }

    function axis() {
      const y = HEIGHT - AXIS;
      const marks = [-1, 0, 1, 2].map((z) =>
        draw("text", { x: across(z), y: y + 16 }, String(z).replace("-", "−")),
      );
      const name = draw(
        "text",
        { x: width() - 4, y: y + 16, class: "tb-end" },
        "code z",
      );
      const line = { d: `M0,${y}H${width()}`, class: "tb-axis" };
      return [draw("path", line), ...marks, name];
    }

    function show(next) {
      state = next;
      const proposal = path(state.isExact ? model.posterior : normal);
      svg.replaceChildren(
        ...axis(),
        draw("path", { d: path(model.posterior), class: "tb-posterior" }),
        draw("path", { d: proposal, class: "tb-proposal" }),
        ...(state.isExact ? [] : handles),
      );
      const { mean, sigma } = state;
      // As normal(mean + sigma), but below the other handle where the top is cut.
      const shoulder = Math.min(normal(mean), HIGHEST) * Math.exp(-0.5);
      place(handles[0], across(mean), up(normal(mean)));
      place(handles[1], across(mean + sigma), up(shoulder));
    }

    window.VAEBook.followPointer(
      svg,
      ([share]) => dragged(grabbed(codeAt(share))),
      () => (held = null),
    );
    let held = null;
    svg.addEventListener("pointerdown", (event) => {
      held = event.target.closest("[data-name]")?.dataset.name ?? null;
    }, true); // prettier-ignore

    /* Says what a move of the held handle to a code changes. */
    function grabbed(code) {
      if (held === "mean") return { mean: code };
      return held === "sigma" ? { sigma: code - state.mean } : {};
    }

    return { node, show, describe: (text) => svg.setAttribute("aria-label", text) };
  }

  /* Makes a handle: what one sees, and a larger disc that a finger can hit. */
  function makeHandle(svg, name) {
    return draw(
      "g",
      { class: "tb-handle", "data-name": name },
      draw("circle", { r: 20, class: "tb-reach" }),
      draw("circle", { r: 8 }),
      draw("text", { y: -14 }, { mean: "μ", sigma: "σ" }[name]),
    );
  }

  function place(handle, x, y) {
    handle.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  }

  Object.assign(window.VAEBook.toy, { makeCurves, makeDrawing });
})();
