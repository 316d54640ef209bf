/* What lies under the point of the latent plane: the prior, and codes of test digits. */
(function () {
  "use strict";

  const CIRCLES = [0.5, 0.95]; // shares of the prior inside

  /* Turns latent coordinates within ±limit into pixels of a square canvas. */
  function makeScale(size, limit) {
    return {
      size,
      x: (value) => ((value / limit + 1) / 2) * size,
      y: (value) => ((1 - value / limit) / 2) * size,
      length: (value) => (value / limit / 2) * size,
    };
  }

  /* Paints the ground on a canvas of its own; `colour` looks up those of the theme. */
  function makeGround(model, scale, colour) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = scale.size;
    const pen = canvas.getContext("2d");
    pen.fillStyle = colour("--vx-ground");
    pen.fillRect(0, 0, scale.size, scale.size);
    paintAxes(pen, scale, colour);
    if (model.variational) paintCircles(pen, scale);
    paintCodes(pen, scale, model);
    paintNames(pen, scale, colour, model);
    if (!model.labelled) nameClasses(pen, scale, model);
    return canvas;
  }

  function paintAxes(pen, scale, colour) {
    pen.strokeStyle = colour("--vx-faint");
    pen.lineWidth = scale.size / 400;
    pen.beginPath();
    pen.moveTo(scale.x(0), 0);
    pen.lineTo(scale.x(0), scale.size);
    pen.moveTo(0, scale.y(0));
    pen.lineTo(scale.size, scale.y(0));
    pen.stroke();
  }

  function paintCircles(pen, scale) {
    for (const share of CIRCLES) {
      pen.beginPath();
      pen.arc(scale.x(0), scale.y(0), scale.length(radiusOf(share)), 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  /* Of the circle that has so much of the prior inside. */
  function radiusOf(share) {
    return Math.sqrt(-2 * Math.log(1 - share));
  }

  function paintCodes(pen, scale, model) {
    const dot = scale.size / 240;
    model.labels.forEach((label, i) => {
      pen.fillStyle = window.VAEBook.classColours[label];
      const [x, y] = [scale.x(model.codes[2 * i]), scale.y(model.codes[2 * i + 1])];
      pen.fillRect(x - dot, y - dot, 2 * dot, 2 * dot);
    });
  }

  /* Names axes and circles, on the ground's own colour, to be readable among dots. */
  function paintNames(pen, scale, colour, model) {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `${scale.size / 30}px sans-serif`;
    pen.strokeStyle = colour("--vx-ground");
    pen.fillStyle = colour("--vx-ink");
    pen.lineWidth = scale.size / 80;
    pen.lineJoin = "round";
    const write = (text, x, y) => {
      pen.strokeText(text, scale.x(x), scale.y(y));
      pen.fillText(text, scale.x(x), scale.y(y));
    };
    const edge = 0.94 * model.limit;
    write("z₁", edge, 0.05 * model.limit);
    write("z₂", 0.06 * model.limit, edge);
    for (const share of model.variational ? CIRCLES : []) {
      const radius = radiusOf(share);
      write(`${100 * share} %`, -0.71 * radius, 0.71 * radius);
    }
    const tick = roundStep(0.8 * model.limit);
    for (const value of [-tick, tick]) {
      const text = String(value).replace("-", "−");
      write(text, value, -0.05 * model.limit);
      write(text, -0.06 * model.limit, value);
    }
  }

  function nameClasses(pen, scale, model) {
    pen.lineWidth = scale.size / 400;
    pen.font = `bold ${scale.size / 24}px sans-serif`;
    for (let digit = 0; digit < 10; digit++) {
      const [x, y] = [0, 1].map((axis) => median(model, axis, digit));
      pen.beginPath();
      pen.arc(scale.x(x), scale.y(y), scale.size / 32, 0, 2 * Math.PI);
      pen.fillStyle = "white";
      pen.fill();
      pen.strokeStyle = window.VAEBook.classColours[digit];
      pen.stroke();
      pen.fillStyle = "black";
      pen.fillText(digit, scale.x(x), scale.y(y));
    }
  }

  function median(model, axis, digit) {
    const values = [];
    model.labels.forEach((label, i) => {
      if (label === digit) values.push(model.codes[2 * i + axis]);
    });
    return values.sort((a, b) => a - b)[values.length >> 1];
  }

  /* Rounds down to 1, 2 or 5 times a power of ten. */
  function roundStep(step) {
    const power = 10 ** Math.floor(Math.log10(step));
    return power * [1, 2, 5].filter((digit) => digit * power <= step).pop();
  }

  Object.assign(window.VAEBook, { makeGround, makeScale, roundStep });
})();
