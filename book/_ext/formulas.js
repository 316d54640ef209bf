(function () {
  "use strict";
  const startup = ((window.MathJax = window.MathJax || {}).startup = {});
  // MathJax.startup.promise can be awaited before MathJax has come, too.
  startup.promise = new Promise((done) => {
    startup.pageReady = () => window.MathJax.startup.defaultPageReady().then(done);
  });
  addEventListener("load", () => {
    const script = document.createElement("script");
    script.src = "ADDRESS";
    document.head.append(script);
  });
})();
