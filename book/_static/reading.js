/* Keeps what happened back until the reader has predicted.

   The page comes with everything shown; scripts fold each outcome behind its button. A
   link or a search that leads into an outcome opens it (folds.js), and so does printing
   (print.css). "Always show" is remembered where the browser stores anything. */
(function () {
  "use strict";

  const KEY = "vae-book-outcomes";
  const root = document.documentElement;
  let always = recall();

  // Before the first paint, so that nothing is shown and then taken away.
  root.classList.add("can-ask");
  root.classList.toggle("ask-first", !always);

  /* Reads the remembered choice; storage may be blocked. */
  function recall() {
    try {
      return localStorage.getItem(KEY) === "always";
    } catch {
      return false;
    }
  }

  /* Remembers the choice where that is allowed; the page itself keeps it anyway. */
  function remember() {
    try {
      if (always) localStorage.setItem(KEY, "always");
      else localStorage.removeItem(KEY);
    } catch {
      // Storage is blocked: the choice lasts as long as the page.
    }
  }

  /* Opens or folds one outcome, and says so on its button. */
  function set(outcome, open) {
    const button = outcome.previousElementSibling.querySelector(".outcome-show");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Hide what happened" : "Show what happened";
    if (open) outcome.removeAttribute("hidden");
    else outcome.setAttribute("hidden", "until-found");
    if (open) dispatchEvent(new Event("resize")); // widgets and tables measure again
  }

  /* Applies "always show", or takes it back, on the whole page. */
  function setAll(outcomes) {
    for (const button of document.querySelectorAll(".outcome-always")) {
      button.setAttribute("aria-pressed", String(always));
    }
    for (const outcome of outcomes) set(outcome, always);
  }

  /* Makes the buttons work. */
  function prepare() {
    const outcomes = document.querySelectorAll(".outcome");
    setAll(outcomes);
    root.classList.remove("ask-first"); // each outcome says it by itself now
    for (const outcome of outcomes) {
      const [show, keep] = outcome.previousElementSibling.children;
      show.addEventListener("click", () => set(outcome, outcome.hasAttribute("hidden")));
      keep.addEventListener("click", () => {
        always = !always;
        remember();
        setAll(outcomes);
      });
      // Browsers send this when they find something inside, and so does folds.js.
      outcome.addEventListener("beforematch", () => set(outcome, true));
    }
  }

  addEventListener("DOMContentLoaded", prepare);
})();
