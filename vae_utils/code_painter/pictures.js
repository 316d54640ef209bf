/* Pictures: the decoded image, the patch of a code, and the mosaic of patches. */
(function () {
  "use strict";

  const { EMPTY, bytesOf } = window.VAEBook.painter;

  /* Paints values from 0 to 1 of shape [height, width, channels]; where isSeen(row,
     column) is false, nothing is painted. */
  function paint(canvas, values, [height, width, channels], isSeen = () => true) {
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    for (let pixel = 0; pixel < height * width; pixel++) {
      if (!isSeen(Math.floor(pixel / width), pixel % width)) continue;
      for (let i = 0; i < 3; i++) {
        const channel = channels < 3 ? 0 : i;
        image.data[4 * pixel + i] = 255 * values[channels * pixel + channel];
      }
      image.data[4 * pixel + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  /* Makes what paints pictures of one model. */
  function makePictures({ grid: [rows, columns], image, patch, patches }) {
    const values = Float32Array.from(bytesOf(patches), (byte) => byte / 255);
    const [high, wide, channels] = patch;
    const size = high * wide * channels;
    const patchOf = (code) => values.subarray(code * size, (code + 1) * size);

    /* Paints a decoded image; the part of an empty cell stays open. */
    function paintImage(canvas, means, codes) {
      const [height, width] = image;
      paint(canvas, means, image, (y, x) => {
        const row = Math.floor((y * rows) / height);
        return codes[row * columns + Math.floor((x * columns) / width)] !== EMPTY;
      });
    }

    /* Paints the patch of each cell's code; an empty cell stays open. */
    function paintMosaic(canvas, codes) {
      const shape = [rows * high, columns * wide, channels];
      const placeOf = (y, x) => Math.floor(y / high) * columns + Math.floor(x / wide);
      const all = new Float32Array(shape[0] * shape[1] * channels);
      codes.forEach((code, place) => {
        if (code === EMPTY) return;
        const own = patchOf(code);
        const top = Math.floor(place / columns) * high;
        const left = (place % columns) * wide;
        for (let y = 0; y < high; y++) {
          const line = own.subarray(y * wide * channels, (y + 1) * wide * channels);
          all.set(line, ((top + y) * shape[1] + left) * channels);
        }
      });
      paint(canvas, all, shape, (y, x) => codes[placeOf(y, x)] !== EMPTY);
    }

    const paintPatch = (canvas, code) => paint(canvas, patchOf(code), patch);
    return { paintImage, paintMosaic, paintPatch };
  }

  Object.assign(window.VAEBook.painter, { makePictures });
})();
