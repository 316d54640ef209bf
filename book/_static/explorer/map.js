/* The latent plane: test digits, the prior, a point to move, the posterior. */
(function () {
  "use strict";

  // Of the classes, in Matplotlib's order, as in all figures of the book.
  const COLOURS = [
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
    "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf",
  ]; // prettier-ignore
  const CIRCLES = [0.5, 0.95]; // shares of the prior inside
  const STEPS = 30; // of a key, from the middle to the edge; with Shift, a fifth
  const KEYS = {
    ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  }; // prettier-ignore

  /* Rounds to 1, 2 or 5 times a power of ten. */
  function roundStep(step) {
    const power = 10 ** Math.floor(Math.log10(step));
    return power * [1, 2, 5].filter((digit) => digit * power <= step).pop();
  }

  /* Calls moved(z) when the reader moves the point. */
  function makeMap(canvas, moved) {
    const context = canvas.getContext("2d");
    let model = null;
    let ground = null; // what does not move with the point
    let z = [0, 0];
    let posterior = null;
    let asked = false;

    const size = () => canvas.width;
    const toX = (value) => ((value / model.limit + 1) / 2) * size();
    const toY = (value) => ((1 - value / model.limit) / 2) * size();
    const toLength = (value) => (value / model.limit / 2) * size();
    const colour = (name) => getComputedStyle(canvas).getPropertyValue(name).trim();
    const clip = (value) => Math.max(-model.limit, Math.min(model.limit, value));

    function paintGround() {
      ground = document.createElement("canvas");
      ground.width = ground.height = size();
      const pen = ground.getContext("2d");
      pen.fillStyle = colour("--vx-ground");
      pen.fillRect(0, 0, size(), size());
      paintPrior(pen);
      const dot = size() / 240;
      model.labels.forEach((label, i) => {
        pen.fillStyle = COLOURS[label];
        const [x, y] = [toX(model.codes[2 * i]), toY(model.codes[2 * i + 1])];
        pen.fillRect(x - dot, y - dot, 2 * dot, 2 * dot);
      });
      paintNames(pen);
    }

    function paintPrior(pen) {
      pen.strokeStyle = colour("--vx-faint");
      pen.lineWidth = size() / 400;
      pen.beginPath();
      pen.moveTo(toX(0), 0);
      pen.lineTo(toX(0), size());
      pen.moveTo(0, toY(0));
      pen.lineTo(size(), toY(0));
      pen.stroke();
      if (!model.variational) return;
      for (const share of CIRCLES) {
        pen.beginPath();
        pen.arc(toX(0), toY(0), toLength(radiusOf(share)), 0, 2 * Math.PI);
        pen.stroke();
      }
    }

    /* Of the circle that has so much of the prior inside. */
    function radiusOf(share) {
      return Math.sqrt(-2 * Math.log(1 - share));
    }

    function paintNames(pen) {
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.font = `${size() / 30}px sans-serif`;
      const edge = 0.94 * model.limit;
      write(pen, "z₁", edge, 0.05 * model.limit);
      write(pen, "z₂", 0.06 * model.limit, edge);
      for (const share of model.variational ? CIRCLES : []) {
        const radius = radiusOf(share);
        write(pen, `${100 * share} %`, 0.71 * radius, 0.71 * radius);
      }
      if (!model.labelled) nameClasses(pen);
    }

    /* Writes on the ground's own colour, to be readable among dots. */
    function write(pen, text, x, y) {
      pen.strokeStyle = colour("--vx-ground");
      pen.lineWidth = size() / 80;
      pen.lineJoin = "round";
      pen.strokeText(text, toX(x), toY(y));
      pen.fillStyle = colour("--vx-ink");
      pen.fillText(text, toX(x), toY(y));
    }

    function nameClasses(pen) {
      pen.lineWidth = size() / 400;
      pen.font = `bold ${size() / 24}px sans-serif`;
      for (let digit = 0; digit < 10; digit++) {
        const [x, y] = [0, 1].map((axis) => median(axis, digit));
        pen.beginPath();
        pen.arc(toX(x), toY(y), size() / 32, 0, 2 * Math.PI);
        pen.fillStyle = "white";
        pen.fill();
        pen.strokeStyle = COLOURS[digit];
        pen.stroke();
        pen.fillStyle = "black";
        pen.fillText(digit, toX(x), toY(y));
      }
    }

    function median(axis, digit) {
      const values = [];
      model.labels.forEach((label, i) => {
        if (label === digit) values.push(model.codes[2 * i + axis]);
      });
      return values.sort((a, b) => a - b)[values.length >> 1];
    }

    function paint() {
      asked = false;
      if (!model) return;
      if (!ground) paintGround();
      context.drawImage(ground, 0, 0);
      context.strokeStyle = context.fillStyle = colour("--vx-ink");
      context.lineWidth = size() / 200;
      if (posterior) paintPosterior();
      paintPoint(toX(z[0]), toY(z[1]));
    }

    /* A dot in a ring; the ring gives way where there are ellipses to see. */
    function paintPoint(x, y) {
      const radius = posterior ? size() / 100 : size() / 50;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = colour("--vx-point");
      context.fill();
      context.stroke();
    }

    function paintPosterior() {
      const { mean, logVar } = posterior;
      for (const deviations of logVar ? [1, 2] : []) {
        const [a, b] = [0, 1].map((i) => toLength(deviations * Math.exp(logVar[i] / 2)));
        context.beginPath();
        context.ellipse(toX(mean[0]), toY(mean[1]), a, b, 0, 0, 2 * Math.PI);
        context.stroke();
      }
    }

    function askToPaint() {
      if (!asked) requestAnimationFrame(paint);
      asked = true;
    }

    function moveTo(place) {
      z = place.map(clip);
      askToPaint();
      moved(z);
    }

    function follow([x, y]) {
      if (model) moveTo([(2 * x - 1) * model.limit, (1 - 2 * y) * model.limit]);
    }

    window.VAEBook.followPointer(canvas, follow, () => {});
    canvas.addEventListener("keydown", (event) => {
      if (!model || event.ctrlKey || event.altKey || event.metaKey) return;
      const way = KEYS[event.key];
      if (!way && event.key !== "Home") return;
      event.preventDefault();
      const step = (event.shiftKey ? 5 : 1) * roundStep(model.limit / STEPS);
      moveTo(way ? z.map((value, i) => value + step * way[i]) : [0, 0]);
    });

    return {
      setModel(next) {
        model = next;
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

  window.VAEBook.makeMap = makeMap;
})();
