/* The playground's film: it plays once when it comes into view, for five seconds or
   less (WCAG 2.2.2), and rests on its last frame. Where the reader asked for less motion,
   it plays on demand only. Until then the page has a poster, and loads no film. */
(function () {
  "use strict";

  const SEEN = 0.6; // share of a film that must be in view before it plays by itself
  const base = document.documentElement.dataset.content_root ?? "";

  /* Gives a film its button, and plays it when it is seen. */
  function start(root) {
    const picture = root.querySelector("img");
    const poster = picture.getAttribute("src");
    const film = `${base}_static/${root.dataset.film}`;
    const button = document.createElement("button");
    let timer = null;
    let isOn = false;

    function rest(text) {
      clearTimeout(timer);
      isOn = false;
      button.textContent = text;
    }

    function play() {
      isOn = true;
      button.textContent = "Stop";
      picture.src = poster; // what is set anew begins anew
      picture.src = film;
    }

    /* Counts from when the film is there. */
    function count() {
      if (!isOn || picture.getAttribute("src") !== film) return;
      clearTimeout(timer);
      timer = setTimeout(() => rest("Play again"), Number(root.dataset.milliseconds));
    }

    function stop() {
      rest("Play");
      picture.src = poster;
    }

    button.type = "button";
    button.textContent = "Play the film";
    button.addEventListener("click", () => {
      watch.disconnect();
      if (isOn) stop();
      else play();
    });
    picture.addEventListener("load", count);
    picture.addEventListener("error", () => isOn && stop());
    root.querySelector(".start-buttons").append(button);
    const watch = playInView(picture, play);
  }

  /* Calls `play` once, when the element is in view, unless less motion is wanted. */
  function playInView(node, play) {
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        play();
      },
      { threshold: SEEN },
    );
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) watch.observe(node);
    return watch;
  }

  document.querySelectorAll(".playground-film").forEach(start);
})();
