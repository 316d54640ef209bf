/* The form of the calculator: a field for every setting. */
(function () {
  "use strict";

  const { DEFAULTS, make, needsBatchSize, readNumber } = window.VAELossUnits;
  const REDUCTIONS = [
    ["sum", "sum"],
    ["mean", "mean"],
  ];
  const KINDS = [
    ["bernoulli", "cross-entropy"],
    ["squared_error", "squared error"],
  ];
  const TERMS = {
    Reconstruction: [
      ["reconstruction", "per pixel", KINDS],
      ["pixel_reduction", "over pixels", REDUCTIONS],
      ["pixels", "pixels × channels"],
      ["reconstruction_batch", "over the batch", REDUCTIONS],
      ["reconstruction_weight", "factor"],
    ],
    "KL, ½ (μ² + σ² − 1 − log σ²)": [
      ["latent_reduction", "over dimensions", REDUCTIONS],
      ["latent_dim", "dimensions of z"],
      ["kl_batch", "over the batch", REDUCTIONS],
      ["kl_weight", "factor"],
      ["batch_size", "images in a batch"],
    ],
  };

  function makeField(name, choices) {
    if (!choices)
      return make("input", { type: "text", inputmode: "decimal", autocomplete: "off" });
    const options = choices.map(([value, title]) => make("option", { value }, title));
    return make("select", {}, ...options);
  }

  function makeTerm(title, rows, fields) {
    const labels = rows.map(([name, text, choices]) => {
      fields[name] = makeField(name, choices);
      fields[name].dataset.setting = name;
      return make("label", {}, make("span", {}, text), fields[name]);
    });
    return make("fieldset", {}, make("legend", {}, title), ...labels);
  }

  /* Makes the form, which can be filled, read, and told which field is wrong. */
  function makeForm(changed) {
    const fields = {};
    const terms = Object.entries(TERMS).map(([title, rows]) =>
      makeTerm(title, rows, fields),
    );
    const node = make("div", { class: "lu-terms" }, ...terms);
    node.addEventListener("input", changed);
    node.addEventListener("change", changed);

    function fill(settings) {
      for (const [name, value] of Object.entries({ ...DEFAULTS, ...settings }))
        fields[name].value = value ?? 128;
    }

    function read() {
      const settings = {};
      for (const [name, field] of Object.entries(fields)) {
        const isNumber = field.tagName === "INPUT";
        settings[name] = isNumber ? readNumber(field.value) : field.value;
      }
      // The size of a batch matters only where one term sums over it.
      const needed = needsBatchSize(settings);
      fields.batch_size.parentNode.hidden = !needed;
      if (!needed) settings.batch_size = null;
      return settings;
    }

    function mark(wrong) {
      for (const [name, field] of Object.entries(fields))
        field.setAttribute("aria-invalid", String(name === wrong));
    }

    return { fill, mark, node, read };
  }

  window.VAELossUnits.makeForm = makeForm;
})();
