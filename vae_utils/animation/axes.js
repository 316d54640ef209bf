/* The frame around a film: a sharp canvas, and the ends of its axes. */
(function () {
  "use strict";

  const { make, sharpen } = window.VAEBook.elements;
  const FONT = "12px system-ui, sans-serif";
  const MARGIN = { left: 26, bottom: 20, top: 6, right: 6 }; // pixels of a page
  const INK = "#222222"; // on white, in any theme, like the figures

  function write(number) {
    return String(number).replace("-", "−");
  }

  /* Makes a canvas whose pixels are those of the screen; paint(pen, box) draws inside
     the axes, whenever the size changes or repaint() is called. The axes are marked at
     −limit, 0 and limit, and end at −end and end. */
  function makeCanvas(alt, { limit, end = limit }, paint) {
    const canvas = make("canvas", { role: "img", "aria-label": alt });
    const pen = canvas.getContext("2d");
    let width = 480; // drawn once even where it is folded: paper shows it

    function repaint() {
      const factor = sharpen(canvas, width);
      pen.scale(factor, factor);
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, width, width);
      const { left, top } = MARGIN;
      const side = width - left - MARGIN.right;
      const box = { left, top, width: side, height: width - top - MARGIN.bottom };
      pen.font = FONT;
      paint(pen, box);
      drawAxes(pen, box, limit, end);
    }

    new ResizeObserver(() => {
      if ([0, width].includes(canvas.clientWidth)) return; // 0 where it is folded
      width = canvas.clientWidth;
      repaint();
    }).observe(canvas);
    return { canvas, repaint };
  }

  /* Keeps a text of some length, centred at a place, between 0 and the end. */
  function keepInside(place, length, end) {
    return Math.max(length / 2, Math.min(end - length / 2, place));
  }

  /* Draws a border, and marks both axes. */
  function drawAxes(pen, { left, top, width, height }, limit, end) {
    pen.strokeStyle = pen.fillStyle = INK;
    pen.lineWidth = 1;
    pen.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    pen.textBaseline = "middle";
    for (const value of [-limit, 0, limit]) {
      const [text, share] = [write(value), (value / end + 1) / 2];
      const length = pen.measureText(text).width;
      pen.textAlign = "center";
      const x = left + keepInside(share * width, length, width);
      pen.fillText(text, x, top + height + 11);
      pen.textAlign = "right";
      const y = top + keepInside((1 - share) * height, 12, height);
      pen.fillText(text, left - 4, y);
    }
  }

  window.VAEBook.film ??= {};
  Object.assign(window.VAEBook.film, { INK, makeCanvas });
})();
