/* Films of a grid of decoded images: one picture for each frame. */
(function () {
  "use strict";

  const { makeCanvas } = window.VAEBook.film;

  /* Makes the canvas of a film; `show` draws the picture of the nearest frame. */
  function makeGrid(film, poster) {
    const pictures = [...film.images, poster].map((source) => {
      const picture = new Image();
      picture.src = source;
      return picture;
    });
    let shown = pictures.length - 1;

    function paint(pen, box) {
      if (!pictures[shown].complete) return;
      pen.imageSmoothingQuality = "high";
      pen.drawImage(pictures[shown], box.left, box.top, box.width, box.height);
    }

    // An image reaches halfway to the next, so the axes end beyond the outermost codes.
    const edge = (film.limit * film.side) / Math.max(1, film.side - 1);
    const axes = { limit: film.limit, end: edge };
    const { canvas, repaint } = makeCanvas(film.alt, axes, paint);
    for (const picture of pictures)
      picture.decode().then(() => picture === pictures[shown] && repaint());
    const show = (moment) => {
      shown = Math.round(moment);
      repaint();
    };
    return { nodes: [canvas], show };
  }

  Object.assign(window.VAEBook.film, { makeGrid });
})();
