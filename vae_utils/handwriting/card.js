/* The card: ten digits on paper, on the page and as a picture to keep. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { paintInk, paintPad } = book.ink;
  const PAPER = "#fdfaf1";
  const LINE = "#d5dfe8";
  const INK = [27, 45, 92];
  const COLUMNS = 5;
  const [WIDTH, HEIGHT] = [1200, 630]; // of the picture, as most sites show links
  const FILE = "my-handwriting-ten-digits.png";
  const WORDS = {
    drawn: "one digit, drawn by hand",
    taken: "a test digit of MNIST",
    ten: "all ten in the same hand",
    name: "The VAE book",
    how: "a conditional VAE in the browser",
  };

  /* Paints ten digits in two rows of five into a box; each on a ruled line. */
  function paintTen(pen, ten, { x, y, width, height }, coarseness) {
    const [across, down] = [width / COLUMNS, height / 2];
    const size = Math.min(across, down);
    for (const row of [0, 1]) rule(pen, x, y + (row + 0.5) * down + 0.37 * size, width);
    ten.forEach((image, digit) => {
      const left = x + (digit % COLUMNS) * across + (across - size) / 2;
      const top = y + Math.floor(digit / COLUMNS) * down + (down - size) / 2;
      paintInk(pen, image, INK, left, top, size, coarseness);
    });
  }

  function rule(pen, x, y, width) {
    pen.fillStyle = LINE;
    pen.fillRect(x, Math.round(y), width, Math.max(1, Math.round(width / 600)));
  }

  /* Paints the card of the page; ten is null where there is nothing to write. While a
     pen moves, a coarse card keeps up with it. */
  function paintCard(canvas, ten, coarseness) {
    const { width, height } = canvas;
    const pen = canvas.getContext("2d");
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, width, height);
    const edge = 0.02 * width;
    const box = { x: edge, y: edge, width: width - 2 * edge, height: height - 2 * edge };
    paintTen(pen, ten || [], box, coarseness);
  }

  /* Makes the picture to keep, of the pad's canvas and the ten digits. */
  function makePicture(pad, { ten, drawn }) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [WIDTH, HEIGHT];
    const pen = canvas.getContext("2d");
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.strokeStyle = LINE;
    pen.lineWidth = 3;
    pen.strokeRect(60, 112, 280, 280);
    paintPad(pen, pad, INK, 60, 112, 280);
    paintTen(pen, ten, { x: 400, y: 44, width: 740, height: 416 });
    paintWords(pen, drawn ? WORDS.drawn : WORDS.taken);
    return canvas;
  }

  function paintWords(pen, origin) {
    const write = (text, x, y, font, align = "left", colour = "#52606d") => {
      [pen.font, pen.textAlign, pen.fillStyle] = [font, align, colour];
      pen.fillText(text, x, y);
    };
    const [plain, bold] = ["26px Georgia, serif", "bold 34px Georgia, serif"];
    write(origin, 200, 432, "22px Georgia, serif", "center");
    write(WORDS.ten, 770, 500, "22px Georgia, serif", "center");
    pen.fillStyle = LINE;
    pen.fillRect(60, 544, WIDTH - 120, 2);
    write(WORDS.name, 60, 595, bold, "left", `rgb(${INK})`);
    write(WORDS.how, WIDTH - 60, 593, plain, "right");
  }

  const toBlob = (canvas) =>
    new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error())), "image/png"),
    );

  /* Hands a picture to the reader as a file. */
  async function save(canvas) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await toBlob(canvas));
    link.download = FILE;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000); // once it has been read
  }

  const canCopy = () => Boolean(navigator.clipboard?.write && window.ClipboardItem);

  /* Puts a picture on the clipboard; fails where the browser does not allow it. */
  function copy(canvas) {
    return navigator.clipboard.write([new ClipboardItem({ "image/png": toBlob(canvas) })]);
  }

  book.card = { canCopy, copy, makePicture, paintCard, save };
})();
