/* The form of the calculator: one field per setting. */
(function () {
  "use strict";

  const { make } = window.VAEBook.elements;
  const { DEFAULTS, needsBatchSize } = window.VAELossUnits;
  const THOUSANDS = /^[1-9]\d{0,2}(,\d{3})+$/;
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
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

  /* Makes an element from its attributes and children. */
  /* Reads a number such as 12,288, or products and quotients from left to right such as
     64 * 64 * 3. Anything else stays text, for the error message. */
  function readNumber(text) {
    const parts = text.split(/([*×/])/).map((part) => part.trim());
    const numbers = parts.map((part) =>
      THOUSANDS.test(part) ? part.replaceAll(",", "") : part,
    );
    if (!numbers.every((part, i) => i % 2 || NUMBER.test(part))) return text.trim();
    let result = Number(numbers[0]);
    for (let i = 1; i < numbers.length; i += 2)
      result = numbers[i] === "/" ? result / numbers[i + 1] : result * numbers[i + 1];
    return result;
  }

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

  /* Makes the form, with functions to fill it, to read it, and to mark a wrong field. */
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
      // The batch size matters only if one term sums over the batch and one averages.
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

  Object.assign(window.VAELossUnits, { makeForm });
})();
