/* Films play once when they come into view, and then rest on the finished picture.

   WCAG 2.2.2: what moves by itself for more than five seconds needs a way to stop it.
   Where the reader has asked for less motion, nothing moves before the button is used.
   A film's first frame is its finished picture (vae_utils.animation). */
(function () {
  "use strict";

  const SECONDS = 5; // that a film lasts
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  function prepare(image) {
    const frame = document.createElement("span");
    const picture = document.createElement("canvas");
    const button = document.createElement("button");
    let timer = null;
    frame.className = "film";
    button.type = "button";
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", image.alt);
    [picture.width, picture.height] = [image.naturalWidth, image.naturalHeight];
    picture.getContext("2d").drawImage(image, 0, 0); // of a film, its first frame
    image.replaceWith(frame);
    frame.append(picture, image, button);

    function rest() {
      clearTimeout(timer);
      picture.hidden = false;
      image.hidden = true;
      name("Play");
    }

    function name(action) {
      button.textContent = action;
      button.setAttribute("aria-label", `${action}: ${image.alt}`);
    }

    function play() {
      picture.hidden = true;
      image.hidden = false;
      image.src = image.src; // from its first frame on
      name("Stop");
      timer = setTimeout(rest, 1000 * SECONDS);
    }

    button.addEventListener("click", () => (image.hidden ? play() : rest()));
    rest();
    if (still.matches) return;
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        play();
      },
      { threshold: 0.6 },
    );
    watch.observe(frame);
  }

  function prepareAll() {
    for (const image of document.querySelectorAll('main img[src$=".gif"]')) {
      if (image.complete && image.naturalWidth) prepare(image);
      else image.addEventListener("load", () => prepare(image), { once: true });
    }
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", prepareAll);
  else prepareAll();
})();
