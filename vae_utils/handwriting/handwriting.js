/* Your handwriting, ten digits: a pad, and a card that a conditional VAE writes. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { afterQuiet, once, sharpen } = book.elements;
  const { findDigit, writeTen } = book.hand;
  const { arrange, makeSheet } = book.sheet;
  const WHITE = [255, 255, 255];
  const FIRST = 7; // test digit that the pad shows at the start
  const COARSE = 2; // while a pen moves
  const RATIO = 0.44; // height of the card by its width
  const PROBLEMS = {
    empty: "There is nothing on the pad yet: draw one digit, or take a test digit.",
    full: "The pad is nearly all ink: clear it, and draw one digit.",
  };
  const MODEL = "../handwriting/model_hand.js"; // seen from the explorer's folder
  const LOADING = "Loading the network …";
  const REFUSED = "The browser does not allow copying here. Use Save as picture.";

  function start(root) {
    // What is shown: pixels of 0 and 1 or null, the digit that they show, whether the
    // reader or a test digit named it, the ten digits, and where the pixels come from.
    const shown = { pixels: null, digit: 0, named: false, ten: null, drawn: false };
    let next = FIRST;
    let lacking = LOADING; // what is said of a network that is not there

    const sheet = makeSheet(root.id, { clear, correct, copy, save, takeTestDigit });
    sheet.pad.addEventListener("pointerdown", ({ button, isPrimary }) => {
      if (!shown.drawn && !button && isPrimary) startDrawing();
    });
    const pad = book.makePad(sheet.pad, once(requestAnimationFrame, readPad));
    const say = afterQuiet(() => {
      paint();
      sheet.said.textContent = describe(shown);
      if (shown.drawn && shown.ten) handOn(shown);
    });

    /* Clears the pad of a test digit for a drawing of the reader's own. */
    function startDrawing() {
      pad.clear();
      Object.assign(shown, { drawn: true, named: false });
    }

    function readPad() {
      const { pixels, problem } = pad.read();
      see(pixels || null, problem);
    }

    /* Shows other pixels, or what is wrong with the pad. */
    function see(pixels, problem) {
      const isThere = Boolean(book.models.hand);
      Object.assign(shown, { pixels, problem, ten: null });
      if (pixels && isThere) {
        if (!shown.named) shown.digit = findDigit(pixels);
        shown.ten = writeTen(pixels, shown.digit);
      }
      sheet.problem.textContent = isThere ? (PROBLEMS[problem] ?? "") : lacking;
      sheet.invitation.hidden = shown.drawn && Boolean(shown.pixels);
      sheet.message.textContent = "";
      showAnswer(sheet, shown);
      paint(shown.drawn ? COARSE : 1);
      say();
    }

    function paint(coarseness = 1) {
      const width = sheet.card.clientWidth;
      if (!width) return; // not laid out; the observer below calls again
      sharpen(sheet.card, width, Math.round(RATIO * width));
      book.card.paintCard(sheet.card, shown.ten, coarseness);
    }

    function correct() {
      Object.assign(shown, { digit: Number(sheet.select.value), named: true });
      see(shown.pixels, null);
    }

    function takeTestDigit() {
      const image = book.images[next];
      const digit = book.imageLabels[next];
      next = (next + 1) % book.images.length;
      showOnPad(sheet.pad, image);
      Object.assign(shown, { digit, named: true, drawn: false });
      see(Float32Array.from(image, (value) => (value >= 128 ? 1 : 0)));
    }

    function clear() {
      startDrawing();
      see(null, "empty");
    }

    const picture = () => book.card.makePicture(sheet.pad, shown);

    async function save() {
      await book.card.save(picture());
      sheet.message.textContent = "Saved.";
    }

    async function copy() {
      const told = (text) => () => (sheet.message.textContent = text);
      await book.card.copy(picture()).then(told("Copied."), told(REFUSED));
    }

    sheet.buttons.copy.hidden = !book.card.canCopy();
    root.replaceChildren(arrange(sheet));
    takeTestDigit();
    new ResizeObserver(once(requestAnimationFrame, () => paint())).observe(sheet.card);
    if (book.models.hand) return;
    const seeAgain = () => see(shown.pixels, shown.problem);
    book.parts.load(MODEL).then(seeAgain, (error) => {
      lacking = error.message;
      seeAgain();
    });
  }

  /* Puts a test digit on the pad, smoothly: it keeps its place there, as it is. */
  function showOnPad(canvas, image) {
    const pen = canvas.getContext("2d");
    pen.fillStyle = "black";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    const ink = Float32Array.from(image, (value) => value / 255);
    book.ink.paintInk(pen, ink, WHITE, 0, 0, canvas.width);
  }

  function showAnswer(sheet, { ten, digit, named, drawn }) {
    for (const name of ["save", "copy"]) sheet.buttons[name].disabled = !ten;
    sheet.select.parentNode.hidden = !ten;
    sheet.select.value = String(digit);
    sheet.lead.textContent = drawn ? "You drew" : "Test digit";
    sheet.guess.textContent = named
      ? "and all ten digits in the same hand."
      : "(the network’s guess: change it if it is wrong).";
    const what = `The digits 0 to 9 in the hand of this ${digit}: decoder means of one code`;
    sheet.card.setAttribute("aria-label", ten ? what : "An empty card");
  }

  function withArticle(digit) {
    return `${Number(digit) === 8 ? "an" : "a"} ${digit}`;
  }

  function describe({ ten, digit, named }) {
    if (!ten) return "";
    const found = `${named ? "The digit is" : "The network sees"} ${withArticle(digit)}.`;
    return `${found} The card shows the digits 0 to 9 in the same hand.`;
  }

  /* Offers a drawing to whatever else on the page can use it, such as the explorer. */
  function handOn({ pixels, digit }) {
    const detail = { pixels, digit };
    document.dispatchEvent(new CustomEvent("vae-book-drawn", { detail }));
  }

  /* Starts every widget of the page that has not been started. */
  function startAll() {
    for (const root of document.querySelectorAll(".vae-handwriting:not([data-started])")) {
      root.dataset.started = "";
      start(root);
    }
  }

  book.startHandwriting = startAll; // for a cell's output, whose network follows
  // On the site an explorer of the same page starts first: its network is there already.
  if (book.parts.fromSite) setTimeout(startAll);
})();
