/* The latent plane: a point to move, and the posterior, above the ground. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const STEPS = 30; // of a key, from the middle to the edge; with Shift, a fifth
  const KEYS = {
    ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  }; // prettier-ignore

  /* Calls moved(z) when the reader moves the point. */
  function makeMap(canvas, moved) {
    const pen = canvas.getContext("2d");
    const colour = (name) => getComputedStyle(canvas).getPropertyValue(name).trim();
    let model = null;
    let scale = null;
    let ground = null; // what does not move with the point
    let z = [0, 0];
    let posterior = null;
    let asked = false;

    function paint() {
      asked = false;
      if (!model) return;
      ground ??= book.makeGround(model, scale, colour);
      pen.drawImage(ground, 0, 0);
      pen.strokeStyle = colour("--vx-ink");
      pen.fillStyle = colour("--vx-point");
      pen.lineWidth = scale.size / 200;
      if (posterior) paintPosterior(pen, scale, posterior);
      // The ring gives way where there are ellipses to see.
      paintPoint(pen, scale, z, posterior ? scale.size / 100 : scale.size / 50);
    }

    function askToPaint() {
      if (!asked) requestAnimationFrame(paint);
      asked = true;
    }

    function moveTo(place) {
      z = place.map((value) => Math.max(-model.limit, Math.min(model.limit, value)));
      askToPaint();
      moved(z);
    }

    book.followPointer(
      canvas,
      ([x, y]) => model && moveTo([(2 * x - 1) * model.limit, (1 - 2 * y) * model.limit]),
      () => {},
    );
    canvas.addEventListener("keydown", (event) => {
      const place = model && walk(event, z, model.limit);
      if (!place) return;
      event.preventDefault();
      moveTo(place);
    });

    return {
      setModel(next) {
        model = next;
        scale = book.makeScale(canvas.width, model.limit);
        ground = posterior = null;
        moveTo(z);
      },
      setPosterior(next) {
        posterior = next;
        askToPaint();
      },
      moveTo,
      repaint() {
        ground = null;
        askToPaint();
      },
    };
  }

  /* Where a key leads to from z; null if nowhere. */
  function walk(event, z, limit) {
    if (event.ctrlKey || event.altKey || event.metaKey) return null;
    if (event.key === "Home") return [0, 0];
    const way = KEYS[event.key];
    const step = (event.shiftKey ? 5 : 1) * book.roundStep(limit / STEPS);
    return way ? z.map((value, i) => value + step * way[i]) : null;
  }

  function paintPoint(pen, scale, z, radius) {
    pen.beginPath();
    pen.arc(scale.x(z[0]), scale.y(z[1]), radius, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }

  /* Ellipses of one and two standard deviations; a cross where the code is a point. */
  function paintPosterior(pen, scale, { mean, logVar }) {
    if (!logVar) paintCross(pen, scale.x(mean[0]), scale.y(mean[1]), scale.size / 30);
    for (const deviations of logVar ? [1, 2] : []) {
      const radii = Array.from(logVar, (v) => scale.length(deviations * Math.exp(v / 2)));
      pen.beginPath();
      pen.ellipse(scale.x(mean[0]), scale.y(mean[1]), ...radii, 0, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  function paintCross(pen, x, y, reach) {
    pen.beginPath();
    pen.moveTo(x - reach, y);
    pen.lineTo(x + reach, y);
    pen.moveTo(x, y - reach);
    pen.lineTo(x, y + reach);
    pen.stroke();
  }

  book.makeMap = makeMap;
})();
