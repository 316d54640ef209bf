/* A short tour over the plane, until the reader does something. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const LENGTH = 4000; // milliseconds
  const STOPS = 4;
  const INPUTS = [
    "pointerdown",
    "pointermove",
    "keydown",
    "focusin",
    "change",
    "wheel",
  ];
  const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

  /* Plans a round from a place through classes that lie far apart. */
  function planTour(start, places) {
    const stops = [start];
    while (stops.length <= STOPS) {
      const gaps = places.map((p) =>
        Math.min(...stops.map((stop) => distance(p, stop))),
      );
      stops.push(places[gaps.indexOf(Math.max(...gaps))]);
    }
    const middle = [0, 1].map(
      (i) => stops.reduce((sum, s) => sum + s[i], 0) / stops.length,
    );
    const angle = (p) => Math.atan2(p[1] - middle[1], p[0] - middle[0]);
    const turn = (p) => (angle(p) - angle(start) + 4 * Math.PI) % (2 * Math.PI);
    return stops.sort((a, b) => turn(a) - turn(b)); // the start stays first
  }

  /* Returns the place after a share of a smooth round through the stops. */
  function walkRound(stops, share) {
    const count = stops.length;
    const at = Math.min(share, 1) * count;
    const first = Math.floor(at);
    const t = at - first;
    const [a, b, c, d] = [-1, 0, 1, 2].map((i) => stops[(first + i + count) % count]);
    return b.map(
      (_, i) =>
        b[i] +
        0.5 * t * (c[i] - a[i] + t * (2 * a[i] - 5 * b[i] + 4 * c[i] - d[i] +
          t * (3 * (b[i] - c[i]) + d[i] - a[i]))),
    ); // prettier-ignore
  }

  const ease = (share) => share * share * (3 - 2 * share);

  /* Leads the handle around once the plane is in view, unless the reader wants less
     motion; returns a function that ends the tour where it is. */
  function startTour(root, plane, plan, move) {
    let stops = null;
    let started = null;
    let frame = null;

    function step(now) {
      started ??= now;
      const share = Math.min(1, (now - started) / LENGTH);
      move(walkRound(stops, ease(share)));
      if (share < 1) frame = requestAnimationFrame(step);
      else end();
    }

    function end() {
      cancelAnimationFrame(frame);
      watcher.disconnect();
      for (const name of INPUTS) root.removeEventListener(name, end, true);
      root.classList.remove("vx-touring");
      stops = [];
    }

    function watch(entries) {
      const inView = entries.at(-1).isIntersecting;
      if (inView && !stops) {
        stops = plan();
        root.classList.add("vx-touring");
        frame = requestAnimationFrame(step);
      } else if (!inView && stops?.length) {
        move(stops[0]);
        end();
      }
    }

    const watcher = new IntersectionObserver(watch, { threshold: 0.6 });
    if (book.elements.still()) return () => {};
    for (const name of INPUTS) root.addEventListener(name, end, true);
    watcher.observe(plane);
    return end;
  }

  Object.assign(book, { planTour, startTour, walkRound });
})();
