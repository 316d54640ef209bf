/* The two curves: the true posterior, and the proposal with its handles. */
(function () {
  "use strict";

  const { draw, make, makeHandle, moveHandle } = window.VAEBook.elements;
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
    const handles = Object.entries({ mean: "μ", sigma: "σ" }).map(([name, text]) =>
      makeHandle(name, text, { y: -14 }),
    );
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
      moveHandle(handles[0], across(mean), up(normal(mean)));
      moveHandle(handles[1], across(mean + sigma), up(shoulder));
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

  Object.assign(window.VAEBook.toy, { makeCurves, makeDrawing });
})();
