/* The figures of a run, each with its caption; one call shows a run in all of them. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, write } = window.VAEBook.elements;
  const IMAGES = {
    grid: {
      title: "Decoded grid: what the decoder draws at each place of the map",
      show: (canvas, run, frame) => P.showGrid(canvas, run, frame),
    },
    pairs: {
      title: "Reconstructions: held-out examples, and below each the decoded mean",
      show: P.showPairs,
    },
    samples: {
      title: "Samples: decoded means of codes from the prior N(0, I)",
      show: P.showSamples,
    },
  };
  const POINTS = {
    grid: { title: "p(x), and held-out points", show: P.showDensity },
    pairs: {
      title: "Reconstructions of held-out points, and lines from the points",
      show: P.showPointPairs,
    },
    samples: {
      title: "Samples: z from the prior, x from p(x|z)",
      show: P.showPointSamples,
    },
  };

  /* Makes figures: `nodes` by name, of the map and of those asked for, and show(run). */
  function makePanels(names = Object.keys(IMAGES)) {
    const told = make("p", { class: "vw-small" });
    const picture = P.makePicture(
      "vp-pair",
      "The example, and what is decoded from it",
    );
    const example = make("div", { class: "vp-example" }, told, picture);
    let shown = null; // the run
    const map = P.makeMap(() => shown && showExample());
    const figures = Object.fromEntries(names.map((name) => [name, makeFigure(name)]));
    const title = make("figcaption", {});
    const legend = make("ul", {
      class: "vp-legend",
      "aria-label": "Colours of the classes",
    });
    const nodes = {
      map: make("figure", { class: "vp-figure" }, title, map.node, legend, example),
    };
    for (const [name, figure] of Object.entries(figures)) nodes[name] = figure.node;

    /* Says what the chosen example is, and shows it with its reconstruction. */
    function showExample() {
      told.textContent = describeExample(shown, map.example);
      picture.hidden = map.example === null || shown.data.side === null;
      if (!picture.hidden) P.showPair(picture, shown, map.example);
    }

    function show(run) {
      shown = run;
      if (!run.snapshot?.codes) return;
      map.show(run);
      title.textContent = describeMap(run);
      if (legend.dataset.of !== run.data.name) showLegend(legend, run.data);
      map.node.setAttribute("aria-label", title.textContent);
      showExample();
      const isPoints = run.data.side === null;
      const kinds = isPoints ? POINTS : IMAGES;
      for (const [name, { canvas, caption, node }] of Object.entries(figures)) {
        const { title, show } = kinds[name];
        const words = nameFor(name, title, run);
        if (caption.textContent !== words) caption.textContent = words;
        canvas.setAttribute("aria-label", words);
        node.classList.toggle("vp-points", isPoints);
        show(canvas, run, map.frame);
      }
    }

    return { nodes, show };
  }

  /* An autoencoder has no prior and no p(x): its figures have other titles. */
  function nameFor(name, title, { data, settings }) {
    if (settings.mode === "vae") return title;
    if (name === "samples")
      return "Decoded means of numbers from N(0, I), though this autoencoder has no prior";
    return name === "grid" && data.side === null ? "Held-out points" : title;
  }

  function makeFigure(name) {
    const canvas = P.makePicture(`vp-${name}`, "");
    const caption = make("figcaption", {});
    const node = make("figure", { class: "vp-figure" }, caption, canvas);
    return { canvas, caption, node };
  }

  /* Names the colours of the dots. */
  function showLegend(legend, { classes, name }) {
    legend.dataset.of = name;
    legend.replaceChildren(
      ...classes.map((title, i) => {
        const style = `background: ${P.classColours[i % P.classColours.length]}`;
        return make("li", {}, make("span", { class: "vp-swatch", style }), title);
      }),
    );
  }

  function describeMap({ data, settings, snapshot }) {
    const what = settings.mode === "vae" ? "means of q(z|x)" : "codes";
    return `Map: ${what} of ${snapshot.codes.count} held-out ${nounOf(data)}, by class`;
  }

  const nounOf = ({ side }) => (side === null ? "points" : "images");

  /* Says what the chosen example is, and its code. */
  function describeExample({ data, settings, snapshot }, example) {
    if (example === null || example >= snapshot.codes.count)
      return "Point at a dot, or press the arrow keys on the map, to see its code.";
    const { means, logVars } = snapshot.codes;
    const { latentDim } = settings;
    const own = (values) =>
      values.slice(example * latentDim, (example + 1) * latentDim);
    const list = (values) => `(${Array.from(values, (v) => write(v)).join(", ")})`;
    const name = data.classes[data.heldOut.labels[example]];
    const code = list(own(means));
    if (!logVars) return `Example ${example + 1}, “${name}”: z = ${code}`;
    const sigmas = list(own(logVars).map((v) => Math.exp(v / 2)));
    return `Example ${example + 1}, “${name}”: μ = ${code}, σ = ${sigmas}`;
  }

  Object.assign(P, { FIGURES: IMAGES, makePanels });
})();
