/* Ways to reach a place of the plane: by chance, by a link, on a tour. Each function
   takes an explorer, as explorer.js makes it. */
(function () {
  "use strict";

  const book = window.VAEBook;
  const EDGE = "The link leads beyond the map; this is its edge.";
  const NOT_COPIED =
    "The browser did not let the page copy. The link is in the field below the buttons.";

  /* Draws from the standard normal distribution. */
  function drawNormal() {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    return radius * Math.cos(2 * Math.PI * Math.random());
  }

  function samplePrior({ map }) {
    map.moveTo([drawNormal(), drawNormal()], true);
  }

  function samplePosterior({ map, shown }) {
    const { mean, logVar } = shown.posterior;
    const deviation = (i) => Math.exp(logVar[i] / 2);
    map.moveTo(
      Array.from(mean, (m, i) => m + deviation(i) * drawNormal()),
      true,
    );
  }

  /* Counts the explorers of the page, from 1 up to this one: from top to bottom, since
     they start in any order, each when its network is there. */
  function count(root) {
    return [...document.querySelectorAll(".vae-explorer")].indexOf(root) + 1;
  }

  async function copyLink({ root, shown, view, tellPlace }) {
    view.link.value = book.writeLink(shown, count(root));
    const copied = await book.elements.copyText(view.link);
    tellPlace.cancel(); // it would replace the message
    view.status.textContent = copied
      ? `Copied: a link to z = ${book.writePlace(shown.z)}.`
      : NOT_COPIED;
  }

  /* Goes to the place of the page's address; returns whether it is for this explorer
     and makes sense. */
  async function followLink(explorer) {
    const { root, shown, view, names } = explorer;
    const link = book.readLink(location.hash, names);
    if (!link || link.explorer !== count(root)) return false;
    explorer.endTour();
    root.scrollIntoView({ block: "nearest" });
    if (!link.problem) {
      shown.digit = link.digit ?? shown.digit;
      await explorer.use(link.model);
    }
    if (link.z && shown.name === link.model) goTo(explorer, link.z);
    view.wish.textContent = link.problem || view.wish.textContent;
    return !link.problem;
  }

  function goTo({ map, shown, view }, z) {
    map.moveTo(z, true);
    const cut = z.some((value, i) => Math.abs(value - shown.z[i]) > 0.005);
    if (cut) view.wish.textContent = EDGE;
  }

  /* Starts a tour from the code of the digit through other classes. */
  function tour(explorer) {
    const { root, shown, view, map } = explorer;
    const plan = () => {
      view.status.textContent = ""; // it describes where the handle rests
      return book.planTour(shown.z, book.findMedians(book.models[shown.name]));
    };
    explorer.endTour = book.startTour(root, view.plane, plan, (z) => map.moveTo(z));
  }

  book.places = { copyLink, followLink, samplePosterior, samplePrior, tour };
})();
