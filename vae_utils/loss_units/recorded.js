/* What a network does that was trained with the β of the calculator, or nearly. */
(function () {
  "use strict";

  const { make, sharpen, write } = window.VAEBook.elements;
  const COLLAPSED = 0.1; // nats of KL below which nothing is left of the code
  const MANY = 30; // nats of KL above which codes lie where the prior rarely draws
  const SAME = 1e-9; // the rounding error of 784 / 784
  const LOWEST = 1e-12; // stands for zero on a logarithmic scale

  /* Finds the network whose β is nearest on a logarithmic scale. */
  function findNearest(networks, beta) {
    const log = (value) => Math.log(Math.max(value, LOWEST));
    const distances = networks.map((each) => Math.abs(log(each.beta) - log(beta)));
    return distances.indexOf(Math.min(...distances));
  }

  /* Says which β is shown, and why this one. Squared errors were not trained. */
  function introduce(networks, index, beta, squared) {
    const shown = networks[index].beta;
    const loss = squared ? "a cross-entropy and " : "";
    const does = `What a network trained with ${loss}β = ${shown} does with digits`;
    if (Math.abs(beta - shown) <= SAME * shown) return `${does}:`;
    const [first, last] = [networks[0].beta, networks.at(-1).beta];
    const why = {
      [beta < first]: "the smallest that we trained with",
      [beta > last]: "the largest that we trained with",
    }.true;
    const nearest = "the nearest of those that we trained with, on a logarithmic scale";
    return `${does} (${why ?? nearest}):`;
  }

  /* Says what the numbers mean: a collapse, a partial one, or the opposite. */
  function judge({ kl, active }, dimensions) {
    if (kl < COLLAPSED)
      return (
        "Posterior collapse: the KL is zero, so the code says nothing about the image, " +
        "and every picture is the same grey mean."
      );
    if (active < dimensions)
      return (
        `${dimensions - active} of ${dimensions} dimensions have collapsed to the ` +
        "prior; what they could carry is missing from the reconstructions."
      );
    if (kl > MANY)
      return (
        "The code costs many nats. Reconstructions are good, but codes drawn from the " +
        "prior are not like those of images, and fewer of them give a digit."
      );
    return `All ${dimensions} dimensions are in use.`;
  }

  function writeNumbers({ nll, kl, active }, { images, latent_dim: dimensions }) {
    return (
      `On ${images.toLocaleString("en")} test images: nll ${write(nll, 1)} + KL ` +
      `${write(kl, 1)} nats per image; ${active} of ${dimensions} dimensions active.`
    );
  }

  /* Makes a row of digits, a part of the sheet; `show` says which. */
  function makeRow(text, sheet, count) {
    const canvas = make("canvas", { role: "img", "aria-label": text });
    const pen = canvas.getContext("2d");
    let [row, width] = [0, 0];

    function paint() {
      if (!width || !sheet.complete) return;
      const side = sheet.naturalWidth / count;
      const height = width / count;
      sharpen(canvas, width, height);
      pen.imageSmoothingQuality = "high";
      const from = [0, row * side, sheet.naturalWidth, side];
      pen.drawImage(sheet, ...from, 0, 0, canvas.width, canvas.height);
    }

    new ResizeObserver(() => {
      width = canvas.clientWidth;
      paint();
    }).observe(canvas);
    sheet.decode().then(paint);
    canvas.style.aspectRatio = String(count);
    const show = (shown, beta) => {
      row = shown;
      canvas.setAttribute("aria-label", `${count} ${text}${beta}`);
      paint();
    };
    return { node: make("div", {}, make("span", {}, text), canvas), show };
  }

  /* Makes the panel; `show(beta, squared)` fills it, `show(null)` hides it. */
  function makePanel(recorded) {
    const { networks, count, epochs, latent_dim: dimensions } = recorded;
    const sheet = new Image();
    sheet.src = recorded.sheet;
    const texts = ["test digits", "reconstructions", "digits generated from the prior"];
    const rows = texts.map((text) => makeRow(text, sheet, count));
    const [title, numbers, verdict] = Array.from({ length: 3 }, () => make("p", {}));
    const note = make(
      "p",
      { class: "vw-small" },
      `It is fully connected, with ${dimensions} latent dimensions, and was trained for ` +
        `${epochs} epochs on binarised MNIST with a Bernoulli likelihood. The pictures ` +
        "are decoder means. β counts nats per image: with larger images, a code " +
        "survives a larger β.",
    );
    const pictures = make("div", { class: "lu-rows" }, ...rows.map((row) => row.node));
    const node = make(
      "div",
      { class: "lu-recorded" },
      title,
      pictures,
      numbers,
      verdict,
      note,
    );

    function show(beta, squared) {
      node.hidden = beta === null;
      if (node.hidden) return;
      const index = findNearest(networks, beta);
      title.textContent = introduce(networks, index, beta, squared);
      numbers.textContent = writeNumbers(networks[index], recorded);
      verdict.textContent = judge(networks[index], dimensions);
      const named = `, β = ${networks[index].beta}`;
      rows[0].show(0, "");
      rows[1].show(1 + 2 * index, named);
      rows[2].show(2 + 2 * index, named);
    }

    return { node, show, said: () => `${title.textContent} ${verdict.textContent}` };
  }

  Object.assign(window.VAELossUnits, { findNearest, makePanel });
})();
