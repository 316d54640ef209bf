/* Starts the playgrounds of a page of the site, once the page is there. */
(function () {
  "use strict";

  const { playground } = window.VAEBook;
  const start = (root) =>
    playground.startPlayground(root).catch((error) => {
      root.replaceChildren(error.message);
    });
  const startAll = () =>
    Promise.all([...document.querySelectorAll(".vp-page")].map(start));
  playground.ready = new Promise((resolve) => {
    const go = () => resolve(startAll());
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", go);
    else go();
  });
})();
