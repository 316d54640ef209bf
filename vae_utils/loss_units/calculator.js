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

  const isSquared = (settings) => settings.reconstruction === "squared_error";

  /* Describes the effect of β in one sentence; of a squared error, beside σ² = ½. */
  function describe(beta, squared) {
    const elbo = squared ? "the ELBO with σ² = ½" : "the ELBO";
    if (beta === 0)
      return "No KL at all: a noisy autoencoder, whose codes may lie far from the prior.";
    if (Math.abs(beta - 1) < SMALL)
      return `The two terms have the same weights as in ${elbo}.`;
    if (beta < 1)
      return (
        `The KL weighs less than in ${elbo}: reconstructions get better, samples from ` +
        "the prior get worse."
      );
    return (
      `The KL weighs more than in ${elbo}: reconstructions get blurrier, and ` +
      "dimensions of z may collapse to the prior."
    );
  }

  /* Writes the σ of a squared error; other losses have none. */
  function writeSigma(settings, beta) {
    if (!isSquared(settings) || beta === 0) return "";
    return `σ = ${write(units.impliedSigma(beta))}`;
  }

  /* Explains the same loss as an ELBO, which is possible only for squared errors. */
  function explainSigma(sigma) {
    return (
      "For squared errors, β depends on a convention: with σ² = ½ the error is the nll " +
      "of a Gaussian, up to a constant, and β is the weight of the KL next to it. The " +
      `same loss is the ELBO (β = 1) of a Gaussian with ${sigma}, in the units of the ` +
      "pixels."
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
    const groups = new Map();
    recipes.forEach(({ name, group }, i) => {
      if (!groups.has(group)) groups.set(group, make("optgroup", { label: group }));
      groups.get(group).append(make("option", { value: i }, name));
    });
    const own = make("option", { value: "" }, OWN);
    const select = make(
      "select",
      { "data-setting": "recipe" },
      own,
      ...groups.values(),
    );
    const text = make("span", {}, "The loss of");
    return { select, label: make("label", { class: "lu-recipe" }, text, select) };
  }

  /* Shows the lines of a file that decide, and what they amount to. */
  function showLines({ quote, source, remark }) {
    const code = make("code", {}, quote.join("\n"));
    const link = make("a", { href: source }, "Source");
    return [make("pre", { tabindex: "0" }, code), make("p", {}, `${remark} `, link)];
  }

  /* Shows another version of a recipe's file, with its numbers. */
  function showVersion(version) {
    const beta = effectiveBeta(version.settings);
    const sigma = writeSigma(version.settings, beta);
    const numbers = [`β = ${write(beta)}`, sigma].filter(Boolean).join(", ");
    const when = version.when === "later" ? "A later" : "An earlier";
    const title = make("p", {}, make("strong", {}, `${when} version: ${numbers}`));
    return [title, ...showLines(version)];
  }

  function showRecipe(details, recipe) {
    details.hidden = !recipe;
    if (!recipe) return;
    const dated = recipe.dated ? [make("p", {}, recipe.dated)] : [];
    details.replaceChildren(
      ...showLines(recipe),
      ...dated,
      ...recipe.versions.flatMap(showVersion),
    );
  }

  function showBeta(result, settings) {
    const beta = effectiveBeta(settings);
    const sigma = writeSigma(settings, beta);
    const shown = [make("span", {}, `β = ${write(beta)}`)];
    if (sigma) shown.push(" ", make("span", { class: "lu-sigma" }, sigma));
    result.replaceChildren(
      make("p", { class: "lu-beta" }, ...shown),
      make("p", {}, describe(beta, isSquared(settings))),
      ...(sigma ? [make("p", {}, explainSigma(sigma))] : []),
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
        panel.show(effectiveBeta(settings), isSquared(settings));
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
