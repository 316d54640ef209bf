/* Opens the folds that an address, a search or a link leads into.

   An address may name a fold's section, whose heading is in sight already, or something
   inside; browsers open a fold by themselves only for what is inside. */
(function () {
  "use strict";

  /* Opens all folds around an element, and its own; says whether one was closed. */
  function openAround(element) {
    const folds = element ? [...element.querySelectorAll(":scope > details.fold")] : [];
    for (let at = element; at; at = at.parentElement) {
      if (at.localName === "details") folds.push(at);
    }
    const closed = folds.filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
    return closed.length > 0;
  }

  /* Returns what the address points to; an address may hold anything. */
  function readAddress() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  }

  /* Opens what the address points to, and goes there. */
  function followAddress() {
    const target = readAddress();
    if (openAround(target)) target.scrollIntoView();
  }

  /* A second click on a link changes no address, but the fold may be closed again. */
  function followAgain(event) {
    const link = event.target.closest?.("a[href*='#']");
    if (link && link.href === location.href) followAddress();
  }

  addEventListener("DOMContentLoaded", followAddress);
  addEventListener("hashchange", followAddress);
  addEventListener("click", followAgain);
  addEventListener("load", () => {
    document.querySelectorAll("details.fold .highlighted").forEach(openAround);
    followAddress();
  });
  // Widgets and tables measure again.
  addEventListener("toggle", () => dispatchEvent(new Event("resize")), true);
})();
