/* Where the parts of the playground stand. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { copyText, make, makeButton } = window.VAEBook.elements;
  const WIDE = 700; // pixels from which the settings are open at first

  /* Lists the nodes of the page's parts in order. */
  function arrange(page) {
    const { about, bars, curves, guide, notices, numbers, panels, said, toolbar } =
      page;
    const { map, grid, pairs, samples } = panels.nodes;
    const count = P.EXPERIMENTS.length;
    return [
      make("div", { class: "vp-head" }, toolbar.node, said),
      notices.node,
      fold(`${count} experiments: predict, then run`, guide, "vp-guide-fold"),
      make("div", { class: "vp-main" }, arrangeForm(page), map, grid, pairs, samples),
      make("div", { class: "vp-row vp-measures" }, ...curves.nodes, bars.node),
      make("div", { class: "vp-scroll", tabindex: 0 }, numbers.node),
      about,
    ];
  }

  /* Arranges the form: what is asked for most is open, the rest folded. */
  function arrangeForm(page) {
    const { data, choices, fields, bugs } = page.controls;
    const sliders = (...names) =>
      make("div", { class: "vw-sliders" }, ...names.map((name) => fields[name].node));
    const rest = sliders("hidden", "learningRate", "batchSize", "warmUp", "seed");
    const form = make(
      "div",
      { class: "vp-form" },
      data,
      choices.mode,
      sliders("latentDim", "beta"),
      choices.likelihood,
      sliders("sigma"),
      fold("More settings", rest),
      fold("Bugs to switch on", bugs.node, "vp-bug-fold"),
      makeCopy(page),
    );
    const settings = fold("Settings", form, "vp-settings");
    settings.open = page.root.clientWidth >= WIDE;
    return settings;
  }

  function fold(title, node, name = "") {
    return make(
      "details",
      { class: `vp-fold ${name}` },
      make("summary", {}, title),
      node,
    );
  }

  /* Makes the button that copies a link to the run, which only the book's pages have. */
  function makeCopy(page) {
    const field = make("input", {
      class: "vp-link", readonly: "", "aria-label": "Link to this run",
    }); // prettier-ignore
    field.hidden = true;
    const copy = async () => {
      field.value = `${location.href.split("#")[0]}#${P.describeLinkOf(page)}`;
      const copied = await copyText(field);
      page.said.textContent = copied
        ? "Copied: a link that trains the same run up to the same step."
        : "Your browser does not let the page copy: take the link from the field.";
    };
    const button = makeButton("Copy a link to this run", copy);
    button.hidden = !P.isInBook();
    return make("div", { class: "vp-copy" }, button, field);
  }

  P.arrange = arrange;
})();
