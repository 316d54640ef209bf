/* The calculator: a recipe, a form, and the resulting β. */
(function () {
  "use strict";

  const units = window.VAELossUnits;
  const { afterQuiet, make } = window.VAEBook.elements;
  const { effectiveBeta } = units;
  const QUIET = 500; // milliseconds without change before the result is announced
  const SMALL = 1e-9; // the rounding error of 784 / 784
  const OWN = "your own loss";

  /* Writes integers in full, and other numbers with four digits. */
  function write(value) {
    const whole = Number.isInteger(value) && value < 1e9;
    return String(whole ? value : Number(value.toPrecision(4)));
  }

  /* Describes the effect of β in one sentence. */
  function describe(beta) {
    if (beta === 0)
      return "No KL at all: a noisy autoencoder, whose codes may lie far from the prior.";
    if (Math.abs(beta - 1) < SMALL)
      return "The two terms have the same weights as in the ELBO.";
    if (beta < 1)
      return (
        "The KL weighs less than in the ELBO: reconstructions get better, samples from " +
        "the prior get worse."
      );
    return (
      "The KL weighs more than in the ELBO: reconstructions get blurrier, and " +
      "dimensions of z may collapse to the prior."
    );
  }

  /* Describes the same loss as an ELBO, which is possible only for squared errors. */
  function describeSigma(settings, beta) {
    if (settings.reconstruction !== "squared_error" || beta === 0) return "";
    const sigma = write(units.impliedSigma(beta));
    return (
      "This is for a Gaussian with σ² = ½, whose nll is the squared error. The same " +
      `loss is the ELBO (β = 1) of a Gaussian with σ = ${sigma}.`
    );
  }

  /* Writes the Python call that computes the same β. */
  function writeCall(settings) {
    const { DEFAULTS } = units;
    const given = Object.entries(settings).filter(([k, v]) => v !== DEFAULTS[k]);
    const written = given.map(([k, v]) => `${k}=${JSON.stringify(v)}`);
    return `effective_beta(${written.join(", ")})`;
  }

  function makeChoice(recipes) {
    const options = recipes.map(({ name }, i) => make("option", { value: i }, name));
    options.unshift(make("option", { value: "" }, OWN));
    const select = make("select", { "data-setting": "recipe" }, ...options);
    const text = make("span", {}, "The loss of");
    return { select, label: make("label", { class: "lu-recipe" }, text, select) };
  }

  function showRecipe(details, recipe) {
    details.hidden = !recipe;
    if (!recipe) return;
    const code = make("code", {}, recipe.quote.join("\n"));
    const link = make("a", { href: recipe.source }, "Source");
    const remark = make("p", {}, `${recipe.remark} `, link);
    details.replaceChildren(make("pre", { tabindex: "0" }, code), remark);
  }

  function showBeta(result, settings) {
    const beta = effectiveBeta(settings);
    const sigma = describeSigma(settings, beta);
    result.replaceChildren(
      make("p", { class: "lu-beta" }, `β = ${write(beta)}`),
      make("p", {}, describe(beta)),
      ...(sigma ? [make("p", {}, sigma)] : []),
      make("p", {}, "In Python: ", make("code", {}, writeCall(settings))),
    );
  }

  function showError(result, error) {
    result.replaceChildren(make("p", { class: "lu-error" }, error.message));
  }

  /* Makes a function that announces the result to screen readers after a pause. */
  function makeAnnouncer(result, panel, announced) {
    return afterQuiet(() => {
      const shown = [...result.children].filter((p) => !p.querySelector("code"));
      const texts = shown.map((p) => p.textContent);
      if (!panel.node.hidden) texts.push(panel.said());
      announced.textContent = texts.join(" ");
    }, QUIET);
  }

  /* Puts a calculator into an element, in place of its fallback. */
  function start(id, recipes, recorded) {
    const root = document.getElementById(id);
    const details = make("div", { class: "lu-details" });
    const result = make("div", { class: "lu-result" });
    const announced = make("output", { class: "lu-announced vw-said" });
    const { select, label } = makeChoice(recipes);
    const panel = units.makePanel(recorded);
    const announce = makeAnnouncer(result, panel, announced);
    const form = units.makeForm(() => {
      select.value = "";
      showRecipe(details, null);
      compute();
    });

    function compute() {
      const settings = form.read();
      try {
        showBeta(result, settings);
        panel.show(effectiveBeta(settings));
        form.mark(null);
      } catch (error) {
        showError(result, error);
        panel.show(null);
        form.mark(error.setting);
      }
      announce();
    }

    function choose() {
      const recipe = recipes[select.value];
      if (recipe) form.fill(recipe.settings);
      showRecipe(details, recipe);
      compute();
    }

    select.addEventListener("change", choose);
    // Parts that change in height come last, so that no field moves when it is used.
    root.replaceChildren(label, form.node, result, panel.node, details, announced);
    select.value = "0";
    choose();
  }

  units.start = start;
})();
