/* Opens what an address, a search or a link leads into: folds, and what happened.

   An address may name a fold's section, whose heading is in sight already, or something
   inside; browsers open a fold by themselves only for what is inside. An outcome opens
   itself at the event that browsers send before they show what they found
   (reading.js). */
(function () {
  "use strict";

  const CLOSED = "details:not([open]), .outcome[hidden]";

  /* Lists all that is closed around an element, and the fold of its own heading. */
  function listClosed(element) {
    const found = [...element.querySelectorAll(":scope > details.fold:not([open])")];
    for (let at = element; (at = at?.closest(CLOSED)); at = at.parentElement) {
      found.push(at);
    }
    return found;
  }

  /* Opens all that hides an element; says whether something did. */
  function openAround(element) {
    const closed = element ? listClosed(element) : [];
    for (const part of closed) {
      if (part.localName === "details") part.open = true;
      else part.dispatchEvent(new Event("beforematch"));
    }
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
    document.documentElement.classList.add("address-followed"); // folds.css
  }

  /* A second click on a link changes no address, but the fold may be closed again. */
  function followAgain(event) {
    const link = event.target.closest?.("a[href*='#']");
    if (link && link.href === location.href) followAddress();
  }

  addEventListener("DOMContentLoaded", followAddress); // after reading.js's own
  addEventListener("hashchange", followAddress);
  addEventListener("click", followAgain);
  addEventListener("load", () => {
    const words = ":is(details.fold, .outcome) .highlighted";
    document.querySelectorAll(words).forEach(openAround);
    followAddress();
  });
  // Widgets and tables measure again; the event does not bubble.
  addEventListener(
    "toggle",
    ({ target }) => target.matches?.(".fold") && dispatchEvent(new Event("resize")),
    true,
  );
})();
