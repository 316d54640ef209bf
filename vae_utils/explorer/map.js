/* The latent plane: a handle to move, and the posterior, over codes of test images. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { make, once } = book.elements;
  const STEPS = 30; // of a key, from the middle to the edge; with Shift, a fifth
  const NEAR = 28; // pixels around the handle in which a finger moves it
  const KEYS = {
    ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  }; // prettier-ignore

  /* Fills the plane. `moved(z)` is called when the handle has moved, `hovered(z)` when
     the mouse is over another place, or null once it has left. */
  function makeMap(plane, { moved, hovered }) {
    const dots = make("canvas", { class: "vx-dots", "aria-hidden": "true" });
    const chart = book.draw("svg", { class: "vx-chart", "aria-hidden": "true" });
    const handle = make("div", { class: "vx-handle", "aria-hidden": "true" });
    const above = book.draw("svg", {
      class: "vx-chart vx-above",
      "aria-hidden": "true",
    });
    const below = book.draw("g", {});
    plane.append(dots, chart, handle, above);
    const shown = { model: null, scale: null, z: [0, 0], posterior: null, ghost: null };

    /* Paints everything for the present size of the plane and density of the screen. */
    function paint() {
      const { model } = shown;
      const size = plane.clientWidth;
      if (!model || !size) return;
      shown.scale = book.makeScale(size, (model.frame ??= book.findFrame(model)));
      book.paintCodes(dots, model, shown.scale);
      for (const svg of [chart, above])
        svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
      chart.replaceChildren(...book.drawChart(model, shown.scale), below);
      paintMarks();
    }

    /* Paints what moves: handle, posterior, and the place under the mouse. */
    function paintMarks() {
      const { scale, z, posterior, ghost } = shown;
      if (!scale) return;
      const [x, y] = scale.clamp(z);
      handle.style.transform = `translate(${scale.x(x)}px, ${scale.y(y)}px)`;
      // Lines lie under the handle, and once more, thinner, over it: often the ellipses
      // are smaller than the handle.
      const drawLines = (kind) =>
        posterior ? book.drawPosterior(posterior, scale, kind) : [];
      below.replaceChildren(...drawLines("vx-halo"), ...drawLines("vx-ellipse"));
      above.replaceChildren(
        ...drawLines("vx-thin"),
        ...(ghost ? [drawGhost(shown)] : []),
      );
    }

    const askToPaint = once(requestAnimationFrame, paintMarks);

    /* Moves the handle; as far as the edge if the reader moves it. */
    function moveTo(z, byReader = false) {
      shown.z = byReader && shown.scale ? shown.scale.clamp(z) : z;
      askToPaint();
      moved(shown.z);
    }

    function hover(z) {
      shown.ghost = z;
      askToPaint();
      hovered(z);
    }

    book.followGrip(plane, {
      near: (x, y) => isNear(shown, x, y),
      drag: (x, y) => shown.scale && moveTo(shown.scale.at(x, y), true),
      hover: (x, y) => shown.scale && hover(shown.scale.clamp(shown.scale.at(x, y))),
      leave: () => shown.ghost && hover(null),
    });
    plane.addEventListener("keydown", (event) => {
      const place = shown.scale && walk(event, shown.z, shown.scale.half);
      if (!place) return;
      event.preventDefault();
      moveTo(place, true);
    });
    watchPixels(dots, once(requestAnimationFrame, paint));

    return {
      moveTo,
      setModel(model) {
        Object.assign(shown, { model, posterior: null, ghost: null });
        paint();
      },
      setPosterior(posterior) {
        shown.posterior = posterior;
        askToPaint();
      },
    };
  }

  /* Draws a ring at the place under the mouse. */
  function drawGhost({ scale, ghost }) {
    const [cx, cy] = [scale.x(ghost[0]), scale.y(ghost[1])];
    return book.draw("circle", { cx, cy, r: 7, class: "vx-ghost" });
  }

  /* Says whether a point of the plane, in pixels, is near the handle. */
  function isNear({ scale, z }, x, y) {
    if (!scale) return false;
    const place = scale.clamp(z);
    return Math.hypot(scale.x(place[0]) - x, scale.y(place[1]) - y) <= NEAR;
  }

  /* Where a key leads to from z; null if nowhere. */
  function walk(event, z, half) {
    if (event.ctrlKey || event.altKey || event.metaKey) return null;
    if (event.key === "Home") return [0, 0];
    const way = KEYS[event.key];
    const step = (event.shiftKey ? 5 : 1) * book.roundStep(half / STEPS);
    return way ? z.map((value, i) => value + step * way[i]) : null;
  }

  /* Calls changed() when the plane has another size, or the screen other pixels. */
  function watchPixels(canvas, changed) {
    const observer = new ResizeObserver(changed);
    try {
      observer.observe(canvas, { box: "device-pixel-content-box" });
    } catch {
      observer.observe(canvas); // Safari: zooming changes the window, too
      addEventListener("resize", changed);
    }
  }

  book.makeMap = makeMap;
})();
