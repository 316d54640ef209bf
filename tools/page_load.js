/* Runs before a page's own scripts and records how the page loads. */
(function () {
  "use strict";

  const load = { lcp: 0, largest: "", shifts: [], tasks: [], ready: null };
  window.pageLoad = load;

  // Calls `each` with every entry of a kind, also with those from before this script.
  function observe(type, each) {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(each));
    observer.observe({ type, buffered: true });
  }

  observe("largest-contentful-paint", (entry) => {
    load.lcp = entry.startTime;
    load.largest = entry.element ? entry.element.outerHTML.slice(0, 80) : entry.url;
  });
  observe("layout-shift", (entry) => {
    if (entry.hadRecentInput) return;
    const moved = entry.sources.map((source) => describe(source));
    load.shifts.push({ time: entry.startTime, value: entry.value, moved });
  });
  observe("longtask", (entry) => load.tasks.push([entry.startTime, entry.duration]));

  // Names an element that moved, and how far.
  function describe({ node, previousRect: from, currentRect: to }) {
    const name = node?.outerHTML?.slice(0, 60) ?? node?.nodeName ?? "removed";
    return `${name} ${from.y | 0}-${from.bottom | 0} → ${to.y | 0}-${to.bottom | 0}`;
  }

  // Waits for the explorer's promise, which its scripts make some time later.
  const timer = setInterval(() => {
    const promise = window.VAEBook?.ready;
    if (!promise) return;
    clearInterval(timer);
    const note = () => (load.ready = performance.now());
    promise.then(note, note);
  }, 20);
})();
