/* The running estimate: how many nats it is too high after 1, 2, … draws. */
(function () {
  "use strict";

  const { draw } = window.VAEBook.elements;
  const { MOST } = window.VAEBook.draws;
  const [WIDTH, HEIGHT] = [340, 270];
  const [LEFT, RIGHT, TOP, BOTTOM] = [36, 12, 14, 36];
  const RANGES = [2, 5, 10, 20, 50, 100, 200, 500]; // nats shown above the exact value
  const BELOW = 0.25; // as a share of that
  const MARKS = [1, 10, 100, 1000];

  /* Makes the drawing; show(excess) takes the excess after each draw, in nats. */
  function makeCurve() {
    const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    const across = (count) =>
      LEFT + (Math.log(count) / Math.log(MOST)) * (WIDTH - LEFT - RIGHT);

    function show(excess) {
      const last = Math.abs(excess.at(-1));
      const start = Math.abs(excess[0]);
      const most = Math.max(last * 1.2, Math.min(start, 5 * last + 2));
      const top = RANGES.find((range) => range >= most) ?? RANGES.at(-1);
      const height = HEIGHT - TOP - BOTTOM;
      const up = (nats) => {
        const share = (Math.min(nats, top) / top + BELOW) / (1 + BELOW);
        return TOP + height * (1 - Math.max(0, share));
      };
      const points = excess.map(
        (nats, k) => `${across(k + 1).toFixed(1)},${up(nats).toFixed(1)}`,
      );
      const base = HEIGHT - BOTTOM;
      const text = (attributes, words) => draw("text", attributes, words);
      svg.replaceChildren(
        draw("path", { d: `M${LEFT},${TOP}V${base}H${WIDTH - RIGHT}`, class: "wd-axis" }),
        draw("path", { d: `M${LEFT},${up(0)}H${WIDTH - RIGHT}`, class: "wd-exact" }),
        text({ x: WIDTH - RIGHT, y: up(0) + 13, class: "wd-end" }, "exact"),
        ...[0, top / 2, top].map((nats) =>
          text({ x: LEFT - 5, y: up(nats) + 4, class: "wd-end" }, String(nats)),
        ),
        ...MARKS.map((count) => {
          const side = count === MOST ? "wd-end" : "wd-middle";
          return text({ x: across(count), y: base + 14, class: side }, String(count));
        }),
        text({ x: WIDTH - RIGHT, y: base + 30, class: "wd-end" }, "draws"),
        text({ x: 0, y: base + 30 }, "nats too high"),
        draw("path", { d: `M${points.join("L")}`, class: "wd-estimate" }),
        draw("circle", {
          cx: across(excess.length),
          cy: up(excess.at(-1)),
          r: 4,
          class: "wd-last",
        }),
      );
    }

    return { node: svg, show, describe: (text) => svg.setAttribute("aria-label", text) };
  }

  Object.assign(window.VAEBook.draws, { makeCurve });
})();
