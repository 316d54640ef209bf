/* A pad to draw a digit on, and what a network gets to see of it. */
(function () {
  "use strict";

  const SIDE = 28; // pixels of an MNIST image
  const BOX = 20; // of the box into which MNIST's makers fitted each digit
  const PEN = 20; // width of the pen, on a pad of 280
  const FULL = 0.6; // share of ink from which on there is nothing to recognise

  let small = null; // 28 × 28 pixels, in which drawings are read

  /* Calls changed() whenever there is more ink. */
  function makePad(canvas, changed) {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    let last = null;
    let shows = false; // an image, which gives way to a drawing

    function clear() {
      context.fillStyle = "black";
      context.fillRect(0, 0, canvas.width, canvas.height);
      last = null;
      shows = false;
    }

    function drawTo(place) {
      context.strokeStyle = "white";
      context.lineWidth = PEN;
      context.lineCap = context.lineJoin = "round";
      context.beginPath();
      const [x, y] = last || [place[0] - 0.01, place[1]]; // a tap leaves a dot
      context.moveTo(x, y);
      context.lineTo(...place);
      context.stroke();
      last = place;
    }

    function draw([x, y]) {
      if (shows) clear();
      drawTo([x * canvas.width, y * canvas.height]);
      changed();
    }

    window.VAEBook.followPointer(canvas, draw, () => (last = null));
    clear();

    /* Shows an image of 28 × 28 until the reader draws. */
    function show(bytes) {
      clear();
      shows = true;
      context.imageSmoothingEnabled = false;
      context.drawImage(imageOf(bytes), 0, 0, canvas.width, canvas.height);
    }

    return { clear, show, read: () => read(canvas, context) };
  }

  function imageOf(bytes) {
    const image = document.createElement("canvas");
    image.width = image.height = SIDE;
    const context = image.getContext("2d");
    const data = context.createImageData(SIDE, SIDE);
    bytes.forEach((value, i) => {
      data.data.set([value, value, value, 255], 4 * i);
    });
    context.putImageData(data, 0, 0);
    return image;
  }

  /* Measures the ink of red, green, blue, alpha bytes: its box, its mass, and the sums
     of its columns and rows. */
  function measureInk(data, width, height) {
    const ink = {
      left: width,
      top: height,
      right: -1,
      bottom: -1,
      mass: 0,
      x: 0,
      y: 0,
    };
    for (let y = 0; y < height; y++) {
      let inRow = 0;
      for (let x = 0, at = 4 * y * width; x < width; x++, at += 4) {
        if (data[at] < 128) continue;
        if (x < ink.left) ink.left = x;
        if (x > ink.right) ink.right = x;
        inRow += 1;
        ink.x += x;
      }
      if (!inRow) continue;
      if (y < ink.top) ink.top = y;
      ink.bottom = y;
      ink.mass += inRow;
      ink.y += inRow * y;
    }
    return ink;
  }

  /* Makes what a drawing is scaled down in; all pads share it. */
  function makeSmall() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    return context;
  }

  /* Returns {pixels} of zeros and ones, or {problem: "empty" | "full"}.

     As MNIST's makers did, fits the ink into 20 × 20 pixels and puts its centre of
     mass into the middle of 28 × 28. */
  function read(canvas, context) {
    const { width, height } = canvas;
    const { data } = context.getImageData(0, 0, width, height);
    const { left, top, right, bottom, mass, x, y } = measureInk(data, width, height);
    if (!mass) return { problem: "empty" };
    if (mass > FULL * width * height) return { problem: "full" };
    const scale = BOX / (Math.max(right - left, bottom - top) + 1);
    const middle = SIDE / 2 + 0.5; // where MNIST's digits have their centre of mass
    const shift = (sum) => middle - scale * (sum / mass + 0.5);
    const target = (small ??= makeSmall());
    target.setTransform(1, 0, 0, 1, 0, 0);
    target.clearRect(0, 0, SIDE, SIDE);
    target.setTransform(scale, 0, 0, scale, shift(x), shift(y));
    target.drawImage(canvas, 0, 0);
    const grey = target.getImageData(0, 0, SIDE, SIDE).data;
    const pixels = new Float32Array(SIDE * SIDE);
    for (let i = 0; i < pixels.length; i++) pixels[i] = grey[4 * i] >= 128 ? 1 : 0;
    return { pixels };
  }

  window.VAEBook.makePad = makePad;
})();
