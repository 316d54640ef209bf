/* The plane of codes: the true posterior in grey, q as an ellipse, and its draws. */
(function () {
  "use strict";

  const { draw, make, makeHandle, moveHandle } = window.VAEBook.elements;
  const RADIUS = Math.sqrt(-2 * Math.log(0.05)); // of the circle with 95 % of N(0, I)
  const SIZE = 340; // units of the drawing, on either side
  const LARGEST = 12; // radius of a draw with all of the weight
  const SMALLEST = 1.6;

  /* Paints the posterior, grey on nothing, and returns it as the address of a picture. */
  function paint({ side, table }) {
    const canvas = make("canvas", { width: side, height: side });
    const context = canvas.getContext("2d");
    const image = context.createImageData(side, side);
    table.forEach((log, i) => {
      const row = side - 1 - Math.floor(i / side); // the second coordinate rises
      const pixel = 4 * (row * side + (i % side));
      image.data.fill(128, pixel, pixel + 3);
      image.data[pixel + 3] = 230 * Math.exp(log / 2); // a root shows the tails
    });
    context.putImageData(image, 0, 0);
    return canvas.toDataURL();
  }

  /* Makes the drawing; dragged({mean} or {sigma}) is called when a handle moves. */
  function makeMap(dragged) {
    const svg = draw("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "img" });
    const picture = draw("image", { width: SIZE, height: SIZE });
    const dots = draw("g", { class: "wd-dots" });
    const ellipse = draw("ellipse", { class: "wd-q" });
    const beside = { x: 12, y: -10 };
    const handles = {
      mean: makeHandle("mean", "μ", beside),
      sigma: makeHandle("sigma", "σ", beside),
    };
    svg.append(picture, dots, ellipse, ...Object.values(handles));
    let [plane, q, held] = [null, null, null];
    const scale = (axis) => SIZE / (plane.high[axis] - plane.low[axis]);
    const across = (z) => (z - plane.low[0]) * scale(0);
    const up = (z) => SIZE - (z - plane.low[1]) * scale(1);

    function setPlane(next) {
      plane = next;
      picture.setAttribute("href", paint(plane));
    }

    function show(state, { codes, shares }) {
      q = state;
      const { mean, sigma } = q;
      dots.replaceChildren(
        ...codes.map(([z1, z2], k) => {
          const r = Math.max(SMALLEST, LARGEST * Math.sqrt(shares[k]));
          return draw("circle", { cx: across(z1), cy: up(z2), r });
        }),
      );
      const [rx, ry] = sigma.map((s, axis) => RADIUS * s * scale(axis));
      const centre = { cx: across(mean[0]), cy: up(mean[1]) };
      for (const [name, value] of Object.entries({ ...centre, rx, ry }))
        ellipse.setAttribute(name, value);
      moveHandle(handles.mean, centre.cx, centre.cy);
      const corner = [rx, ry].map((r) => r * Math.SQRT1_2); // a point of the ellipse
      moveHandle(handles.sigma, centre.cx + corner[0], centre.cy - corner[1]);
    }

    svg.addEventListener("pointerdown", (event) => {
      held = event.target.closest("[data-name]")?.dataset.name ?? null;
    }, true); // prettier-ignore
    window.VAEBook.followPointer(
      svg,
      ([x, y]) => {
        const z = [x, 1 - y].map(
          (share, axis) =>
            plane.low[axis] + share * (plane.high[axis] - plane.low[axis]),
        );
        if (held === "mean") dragged({ mean: z });
        if (held === "sigma") {
          const away = z.map((v, axis) => v - q.mean[axis]);
          dragged({ sigma: away.map((v) => (v * Math.SQRT2) / RADIUS) });
        }
      },
      () => (held = null),
    );
    const describe = (text) => svg.setAttribute("aria-label", text);
    return { node: svg, setPlane, show, describe };
  }

  Object.assign(window.VAEBook.draws, { makeMap });
})();
