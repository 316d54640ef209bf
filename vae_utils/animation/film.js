/* A film to play, to pause and to scrub: a button, a slider, and what they move.

   It plays once when it comes into view, at most five seconds (WCAG 2.2.2), and rests on
   its last frame. Where the reader asked for less motion, it plays on demand only. */
(function () {
  "use strict";

  const { makeGrid, makeScatter } = window.VAEBook.film;
  const { afterQuiet, make, makeButton, still } = window.VAEBook.elements;
  const SEEN = 0.6; // share of a film that must be in view before it plays by itself

  /* Makes a clock that calls `report` with each time on the way, in `seconds`. */
  function makeClock(report, ended) {
    let asked = null;

    function stop() {
      cancelAnimationFrame(asked);
      if (asked !== null) ended();
      asked = null;
    }

    function run(from, to, seconds) {
      let started = null;
      const tick = (now) => {
        started ??= now;
        const share = Math.min(1, (now - started) / (1000 * seconds));
        report(from + share * (to - from));
        if (share < 1) asked = requestAnimationFrame(tick);
        else stop();
      };
      asked = requestAnimationFrame(tick);
    }

    return { isRunning: () => asked !== null, run, stop };
  }

  /* Calls `play` once, when the element is in view. */
  function playInView(node, play) {
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        play();
      },
      { threshold: SEEN },
    );
    watch.observe(node);
    return () => watch.disconnect();
  }

  /* Makes the slider over frames; a screen reader reads the title of each. */
  function makeSlider(last, moved) {
    const input = () => moved(Number(slider.value));
    const range = { type: "range", min: 0, max: last, step: 1, value: last, input };
    const slider = make("input", { ...range, "aria-label": "Frame of the animation" });
    return slider;
  }

  /* Puts a film into an element, in place of its last frame. */
  function start(id, film) {
    const root = document.getElementById(id);
    const { alt, src: poster } = root.querySelector("img");
    const last = film.titles.length - 1;
    const makers = { grid: makeGrid, scatter: makeScatter };
    const { nodes, show } = makers[film.kind]({ ...film, alt }, poster);
    const title = make("p", { class: "fm-title" });
    const said = make("output", { class: "vw-said" });
    const announce = afterQuiet(() => (said.textContent = title.textContent));
    let time = last;
    let isAsked = false; // what plays by itself is not announced

    function go(moment) {
      time = moment;
      const text = film.titles[Math.round(time)];
      slider.value = Math.round(time);
      slider.setAttribute("aria-valuetext", text);
      title.textContent = text;
      show(time);
    }

    function rest() {
      button.textContent = "Play";
      go(Math.round(time));
      if (isAsked) announce();
    }

    function play() {
      const from = time < last ? time : 0;
      button.textContent = "Pause";
      clock.run(from, last, (film.seconds * (last - from)) / Math.max(1, last));
    }

    const clock = makeClock(go, rest);
    const button = makeButton("Play", () => {
      isAsked = true;
      forget();
      if (clock.isRunning()) clock.stop();
      else play();
    });
    const slider = makeSlider(last, (moment) => {
      forget();
      clock.stop();
      go(moment);
    });
    const group = { class: "fm-controls", role: "group", "aria-label": "Animation" };
    root.replaceChildren(
      make("div", { class: "fm-panels" }, ...nodes),
      make("div", group, button, slider),
      title,
      said,
    );
    go(last);
    window.addEventListener("beforeprint", () => {
      if (!clock.isRunning()) return;
      clock.stop();
      go(last); // paper shows the finished picture
    });
    const forget = still() || !last ? () => {} : playInView(root.firstChild, play);
  }

  Object.assign(window.VAEBook.film, { start });
})();
