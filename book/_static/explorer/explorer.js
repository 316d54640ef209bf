/* The explorer: a latent plane to walk on, and a pad to draw on. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const { findNearest, load, make, makeChoice, makeFigure, makeTable, paint } = book.parts;
  const NEIGHBOURS = 15;
  const QUIET = 400; // milliseconds without movement before a value is announced
  const WANTED = {
    empty: "There is nothing on the pad: draw a digit, or take a test digit.",
    full: "The pad is nearly all ink: clear it, and draw a digit with one stroke or two.",
  };
  const PLANE_LABEL =
    "Latent plane. Arrow keys move the point, with Shift further; Home goes to the middle.";
  const PAD_LABEL =
    "Pad to draw a digit on, with mouse, pen or finger. The button below takes a test " +
    "digit instead.";

  /* Makes all that can be seen; `act` has what buttons and choices do. */
  function makeView(id, act) {
    const picture = (more = "") => make("canvas", { class: `vx-image ${more}`, role: "img" });
    const square = (size) => ({ width: size, height: size });
    const view = {
      status: make("p", { class: "vx-status vx-small", role: "status" }),
      wish: make("p", { class: "vx-small", role: "status" }, WANTED.empty),
      about: make("p", { class: "vx-about" }),
      where: make("p", { class: "vx-where" }),
      numbers: make("div", { class: "vx-numbers", "aria-live": "polite" }),
      plane: make("canvas", {
        ...square(480), class: "vx-plane", tabindex: 0, role: "application",
        "aria-label": PLANE_LABEL,
      }), // prettier-ignore
      pad: make("canvas", {
        ...square(280), class: "vx-pad", role: "img", "aria-label": PAD_LABEL,
      }), // prettier-ignore
      drawn: picture("vx-drawn"),
      ten: picture("vx-ten"),
      input: picture(),
      output: picture(),
    };
    const names = book.index.map((network) => [network.name, network.title]);
    view.networks = makeChoice(`${id}-network`, "Network", names, act.use);
    const ten = Array.from({ length: 10 }, (_, i) => [String(i), String(i)]);
    const title = "Digit told to the network";
    view.digits = makeChoice(`${id}-digit`, title, ten, act.tell);
    view.buttons = make(
      "div",
      { class: "vx-buttons" },
      make("button", { type: "button", click: act.clear }, "Clear"),
      make("button", { type: "button", click: act.takeTestDigit }, "Take a test digit"),
    );
    return view;
  }

  function arrange(view) {
    const section = (label, ...children) =>
      make("section", { "aria-label": label }, ...children);
    const help = make("p", { class: "vx-small" }, "Drag the point, or use the arrow keys.");
    const pair = section(
      "What the network makes of it",
      makeFigure(view.input, "what the network sees"),
      makeFigure(view.output, "what it makes of it"),
    );
    pair.className = "vx-pair";
    return make(
      "div",
      { class: "vx-explorer" },
      view.networks,
      view.about,
      view.digits,
      make(
        "div",
        { class: "vx-row" },
        section("Latent plane", view.plane, help),
        section("Decoded digit", view.drawn, view.where),
      ),
      view.ten,
      view.status,
      make("p", {}, "Draw a digit of your own:"),
      make("div", { class: "vx-row vx-own" }, section("Your own digit", view.pad), pair),
      view.buttons,
      view.wish,
      view.numbers,
    );
  }

  function start(root) {
    let name = null; // of the network shown
    let wanted = null; // of the one asked for last
    let z = [0, 0];
    let digit = 3; // told to a conditional network
    let seen = null; // pixels, 0 or 1
    let timer = null;
    let next = 0; // test image that the button takes
    let asked = false;

    const view = makeView(root.id, { use, tell, clear, takeTestDigit });
    root.append(arrange(view));
    const map = book.makeMap(view.plane, (place) => {
      z = place;
      decode();
    });
    const pad = book.makePad(view.pad, () => {
      if (!asked) requestAnimationFrame(readPad); // once a frame, however fast the pen
      asked = true;
    });

    async function use(network) {
      wanted = network;
      view.status.textContent = "Loading the network …";
      try {
        await book.load(network);
      } catch (error) {
        view.status.textContent = error.message;
        if (name) view.networks.check(name);
        return;
      }
      if (wanted !== network) return; // another was chosen meanwhile
      name = network;
      const model = book.models[name];
      view.networks.check(name);
      view.digits.check(digit);
      view.digits.hidden = view.ten.hidden = !model.labelled;
      view.about.textContent = model.about;
      view.status.textContent = "";
      map.setModel(model);
      score();
      root.querySelector(".vx-fallback").hidden = true;
    }

    function tell(value) {
      digit = Number(value);
      decode();
      score();
    }

    function decode() {
      if (!name) return;
      const model = book.models[name];
      const place = z.map(write).join(", ");
      const label = `Decoded image (mean) at z = (${place})`;
      paint(view.drawn, [book.decode(name, z, digit)], label);
      if (model.labelled) {
        const ten = Array.from({ length: 10 }, (_, i) => book.decode(name, z, i));
        paint(view.ten, ten, `The digits 0 to 9, decoded (means) at z = (${place})`);
      }
      view.where.textContent = `z = (${place})`;
      clearTimeout(timer);
      timer = setTimeout(() => announce(place), QUIET);
    }

    /* Writes a coordinate, without a minus before zero. */
    function write(value) {
      return (Math.round(100 * value) / 100 + 0).toFixed(2).replace("-", "−");
    }

    function announce(place) {
      const model = book.models[name];
      let told = `the digit ${digit}`;
      if (!model.labelled) {
        const [found, count] = findNearest(model, z, NEIGHBOURS);
        told = `${count} of the ${NEIGHBOURS} nearest test digits are a ${found}`;
      }
      view.status.textContent = `At (${place}): ${told}.`;
    }

    function readPad() {
      asked = false;
      const { pixels, problem } = pad.read();
      see(pixels || null, problem);
    }

    /* Encodes other pixels, and moves the point to their code. */
    function see(pixels, problem) {
      seen = pixels;
      view.wish.textContent = problem ? WANTED[problem] : "";
      score();
      if (seen && name) map.moveTo(Array.from(book.encode(name, seen, digit).mean));
    }

    function score() {
      view.numbers.replaceChildren();
      for (const canvas of [view.input, view.output]) canvas.parentNode.hidden = !seen;
      if (!seen || !name) return map.setPosterior(null);
      const posterior = book.encode(name, seen, digit);
      const { nll, kl } = book.measure(name, seen, digit);
      const made = book.decode(name, posterior.mean, digit);
      paint(view.input, [seen], "What the network sees: 28 × 28 pixels of ink or none");
      paint(view.output, [made], "Reconstruction (mean) of what it sees");
      const rows = [["reconstruction term, nll", nll]];
      if (kl !== null) rows.push(["KL term, kl", kl], ["−ELBO", nll + kl]);
      view.numbers.append(makeTable(rows));
      if (kl === null) view.numbers.append("No KL term: the code is a point.");
      map.setPosterior(posterior);
    }

    function takeTestDigit() {
      const image = book.images[next];
      digit = book.imageLabels[next];
      view.digits.check(digit);
      next = (next + 1) % book.images.length;
      pad.show(image);
      see(Float32Array.from(image, (value) => (value >= 128 ? 1 : 0)));
    }

    function clear() {
      pad.clear();
      see(null, "empty");
    }

    // Colours of the plane follow the theme.
    new MutationObserver(map.repaint).observe(document.documentElement, {
      attributes: true, attributeFilter: ["data-theme"],
    }); // prettier-ignore
    return use(root.dataset.model);
  }

  async function startAll() {
    const roots = [...document.querySelectorAll(".vae-explorer")];
    try {
      await load("index.js");
      await Promise.all(roots.map(start));
    } catch (error) {
      for (const root of roots) root.append(make("p", {}, error.message));
    }
  }

  book.ready = new Promise((resolve) => {
    const go = () => resolve(startAll());
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", go);
    else go();
  });
})();
