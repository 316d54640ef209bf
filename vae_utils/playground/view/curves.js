/* Curves of nll, kl and their sum over the epochs, in nats: on training and on held-out
   data as correct scoring finds them, and as training reports them. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { draw, make, write } = window.VAEBook.elements;
  const [WIDTH, HEIGHT] = [220, 130];
  const [LEFT, TOP, RIGHT, BOTTOM] = [38, 8, 6, 18]; // margins
  const LONG = 6; // characters of a number
  const EARLY = 0.04; // share of the epochs whose values are far from all others
  const MOST = 300; // points of a line
  const ROOM = 0.08; // of the range, above and below the curves
  const LEAST = 0.02; // of a range: curves that do not move need some room

  const KINDS = [
    { name: "nll", title: "nll", ofRecord: ({ nll }) => nll, reported: "nll" },
    { name: "kl", title: "kl", ofRecord: ({ kl }) => kl, reported: "kl" },
    {
      name: "sum",
      title: "−ELBO = nll + kl; dashed: loss",
      ofRecord: ({ nll, kl }) => nll + kl,
      reported: "loss",
    },
  ];

  /* Makes the three figures; show(run) draws them. */
  function makeCurves() {
    const figures = KINDS.map((kind) => {
      const drawing = draw("svg", {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "vp-curves",
      }); // prettier-ignore
      const node = make("figure", {}, make("figcaption", {}, kind.title), drawing);
      return { kind, drawing, node };
    });
    const show = (run) => {
      for (const figure of figures) {
        // An autoencoder has an nll only.
        figure.node.hidden = run.settings.mode === "ae" && figure.kind.name !== "nll";
        if (!figure.node.hidden) showOne(figure, run);
      }
    };
    return { nodes: figures.map(({ node }) => node), show };
  }

  /* Lists [class, points] of the lines of a figure. A point is [epoch, value]. */
  function listLines({ ofRecord, reported }, records) {
    const line = (value, from = records) =>
      from.map((record) => [record.epoch, value(record)]);
    const trained = records.filter((record) => record.trained);
    return [
      ["vp-reported", line((record) => record.trained[reported], trained)],
      ["vp-training", line((record) => ofRecord(record.training))],
      ["vp-held-out", line((record) => ofRecord(record.heldOut))],
    ];
  }

  /* Finds the range of values; the first ones are far from all others, so that they are
     left out as soon as there are others. */
  function findRange(lines, last) {
    const points = lines.flatMap(([, points]) => points);
    const late = points.filter(([epoch]) => epoch > EARLY * last);
    const values = (late.length ? late : points)
      .map(([, v]) => v)
      .filter(Number.isFinite);
    if (!values.length) return [0, 1];
    return [Math.min(...values), Math.max(...values)];
  }

  /* Leaves out records of a long run, but not the last one. */
  function thin(records) {
    const every = Math.ceil(records.length / MOST);
    return records.filter((_, i) => (records.length - 1 - i) % every === 0);
  }

  function showOne({ kind, drawing }, { records }) {
    const last = Math.max(1, records.at(-1)?.epoch ?? 1);
    const lines = listLines(kind, thin(records));
    const [least, most] = findRange(lines, last);
    const room = ROOM * Math.max(most - least, LEAST * Math.abs(most), 1e-3);
    const [low, high] = [least - room, most + room];
    const x = (epoch) => LEFT + ((WIDTH - LEFT - RIGHT) * epoch) / last;
    const y = (v) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - v)) / (high - low);
    const clip = (v) => Math.min(HEIGHT - BOTTOM, Math.max(TOP, y(v)));
    const drawn = lines.map(([name, points]) => {
      const places = points
        .filter(([, v]) => Number.isFinite(v))
        .map(([epoch, v]) => `${x(epoch).toFixed(1)},${clip(v).toFixed(1)}`);
      return draw("polyline", { points: places.join(" "), class: name });
    });
    drawing.replaceChildren(...drawAxes(least, most, last, y), ...drawn);
    const now = records.at(-1);
    drawing.setAttribute("aria-label", now ? describe(kind, now) : kind.title);
  }

  function drawAxes(least, most, last, y) {
    const decimals = most - least < 1 ? 2 : most - least < 20 ? 1 : 0;
    const [base, end] = [HEIGHT - BOTTOM, WIDTH - RIGHT];
    const label = (text, x, y, anchor) =>
      draw("text", { x, y, "text-anchor": anchor }, text);
    const number = (v) => {
      const text = P.writeNumber(v, decimals);
      // A long one stands inside the figure.
      return text.length < LONG
        ? label(text, LEFT - 4, y(v) + 4, "end")
        : label(text, LEFT + 4, y(v) + 4, "start");
    };
    return [
      draw("polyline", {
        points: `${LEFT},${TOP} ${LEFT},${base} ${end},${base}`, class: "vp-axis",
      }),
      number(least),
      number(most),
      label("0", LEFT, HEIGHT - 4, "middle"),
      label(`epoch ${last}`, end, HEIGHT - 4, "end"),
    ]; // prettier-ignore
  }

  function describe({ title, ofRecord }, { epoch, training, heldOut }) {
    const [a, b] = [training, heldOut].map((each) => write(ofRecord(each), 1));
    return `${title} after epoch ${epoch}: ${a} nats on training, ${b} on held-out data`;
  }

  P.makeCurves = makeCurves;
})();
