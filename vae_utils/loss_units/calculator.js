/* The calculator: a recipe, a form, and the β that both amount to. */
(function () {
  "use strict";

  const units = window.VAELossUnits;
  const { describe, describeSigma, effectiveBeta, make, write, writeCall } = units;
  const QUIET = 500; // milliseconds without change before the result is announced
  const OWN = "a loss of your own";

  function makeChoice(recipes) {
    const options = recipes.map(({ name }, i) => make("option", { value: i }, name));
    options.unshift(make("option", { value: "" }, OWN));
    const select = make("select", { "data-setting": "recipe" }, ...options);
    const text = make("span", {}, "The loss of");
    return { select, label: make("label", { class: "lu-recipe" }, text, select) };
  }

  function showRecipe(about, recipe) {
    about.hidden = !recipe;
    if (!recipe) return;
    const code = make("code", {}, recipe.quote.join("\n"));
    const link = make("a", { href: recipe.source }, "Its source");
    const remark = make("p", {}, `${recipe.remark} `, link);
    about.replaceChildren(make("pre", { tabindex: "0" }, code), remark);
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

  /* Makes a function that announces the result once nothing has changed for a while. */
  function makeAnnouncer(result, said) {
    let timer = null;
    return () => {
      clearTimeout(timer);
      const say = () => {
        const shown = [...result.children].filter((p) => !p.querySelector("code"));
        said.textContent = shown.map((p) => p.textContent).join(" ");
      };
      timer = setTimeout(say, QUIET);
    };
  }

  /* Puts a calculator into an element, in place of its fallback. */
  function start(id, recipes) {
    const root = document.getElementById(id);
    const about = make("div", { class: "lu-about" });
    const result = make("div", { class: "lu-result" });
    const said = make("output", { class: "lu-said" });
    const { select, label } = makeChoice(recipes);
    const announce = makeAnnouncer(result, said);
    const form = units.makeForm(() => {
      select.value = "";
      showRecipe(about, null);
      compute();
    });

    function compute() {
      const settings = form.read();
      try {
        showBeta(result, settings);
        form.mark(null);
      } catch (error) {
        showError(result, error);
        form.mark(error.setting);
      }
      announce();
    }

    function choose() {
      const recipe = recipes[select.value];
      if (recipe) form.fill(recipe.settings);
      showRecipe(about, recipe);
      compute();
    }

    select.addEventListener("change", choose);
    // What changes in height comes last, so that no field moves under a finger.
    root.replaceChildren(label, form.node, result, about, said);
    select.value = "0";
    choose();
  }

  units.start = start;
})();
