/* The form: what a run is made of. Settings that a run can change act at once, the others
   start it anew. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, makeChoice, makeSlider } = window.VAEBook.elements;
  const STOPS = {
    latentDim: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    beta: [
      0, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 6, 8, 10, 16, 20, 50, 100, 200,
    ],
    sigma: [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1],
    warmUp: [0, 1, 2, 5, 10, 20],
    learningRate: [0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.1, 0.3, 0.5],
    batchSize: [10, 20, 50, 100, 200, 500],
  };
  const WIDTHS = [[16], [32], [64], [128], [256], [32, 32], [128, 64]];
  const MODES = [["vae", "VAE"], ["ae", "Autoencoder"]]; // prettier-ignore
  const LIKELIHOODS = [
    ["bernoulli", "Bernoulli"],
    ["gaussian", "Gaussian, fixed σ"],
    ["learned", "Gaussian, learned σ"],
  ];
  const BUGS = {
    meanOverPixels: "Mean over pixels instead of the sum",
    meanOverDimensions: "Mean over latent dimensions instead of the sum",
    forgottenHalf: "Forgotten ½ in the kl",
    sigmaForLogVar: "log σ² used as σ in the draw",
    samplingOff: "Sampling switched off",
    sigmoidTwice: "Sigmoid applied twice",
    bytes: "Data 255 times too large: pixels from 0 to 255",
  };

  const OF_VAE = [
    "meanOverDimensions", "forgottenHalf", "sigmaForLogVar", "samplingOff",
  ]; // prettier-ignore
  const BUG_NOTE =
    "A bug acts on the run that you watch. To see all of its effect, and after you have " +
    "switched it off, press “Start again”.";

  /* Makes a slider over some values only; one that is not among them is shown at the
     nearest. */
  function makeStops(name, stops, moved) {
    const slider = makeSlider(name, (place) => moved(stops[place]), {
      min: 0, max: stops.length - 1, step: 1,
    }); // prettier-ignore
    const distance = (a, b) => Math.abs(Math.log((a + 1e-3) / (b + 1e-3)));
    const show = (value) => {
      const order = stops.map((_, i) => i);
      const nearest = order.reduce((best, i) =>
        distance(stops[i], value) < distance(stops[best], value) ? i : best,
      );
      slider.show(nearest, String(Number(value.toPrecision(3))));
    };
    return { node: slider.node, show };
  }

  function makeSelect(name, values, title, moved) {
    const options = values.map((value) => make("option", { value }, title(value)));
    const change = () => moved(field.value);
    const field = make("select", { change }, ...options);
    const show = (value) => {
      if (!values.includes(value)) {
        values.push(value);
        field.append(make("option", { value }, title(value)));
      }
      field.value = value;
    };
    return { node: make("label", {}, make("span", {}, name), field), show };
  }

  /* Makes the form. `wanted({ name: value })` is called by a hand that changes something,
     `wantedData(name)` where other data are chosen. */
  function makeControls(id, { listed, wanted, wantedData }) {
    const set = (name) => (value) => wanted({ [name]: value });
    const stops = (name, title) => makeStops(title, STOPS[name], set(name));
    const data = makeChoice(
      `${id}-data`, "Data", listed.map(({ name, title }) => [name, title]), wantedData,
    ); // prettier-ignore
    const choices = {
      mode: makeChoice(`${id}-mode`, "Model", MODES, set("mode")),
      likelihood: makeChoice(
        `${id}-likelihood`, "Likelihood p(x|z)", LIKELIHOODS, set("likelihood"),
      ),
    }; // prettier-ignore
    const fields = {
      latentDim: stops("latentDim", "Latent dimensions"),
      beta: stops("beta", "β"),
      warmUp: stops("warmUp", "Epochs of warm-up"),
      learningRate: stops("learningRate", "Learning rate"),
      batchSize: stops("batchSize", "Batch size"),
      sigma: stops("sigma", "σ"),
      hidden: makeSelect(
        "Hidden units", WIDTHS.map(String), (text) => text.replace(",", " + "),
        (text) => wanted({ hidden: text.split(",").map(Number) }),
      ), // prettier-ignore
      seed: makeSeed(set("seed")),
    };
    const bugs = makeBugs((names) => wanted({ bugs: names }));
    const form = { data, choices, fields, bugs };
    form.show = (run) => showSettings(form, run);
    return form;
  }

  function makeSeed(moved) {
    const change = () => {
      const seed = Number(field.value);
      if (field.value !== "" && Number.isInteger(seed) && seed >= 0) moved(seed);
      else field.value = shown;
    };
    let shown = 0;
    const field = make("input", { type: "number", min: 0, max: 4294967295, change });
    const show = (seed) => {
      shown = seed;
      field.value = seed;
    };
    return { node: make("label", {}, make("span", {}, "Seed"), field), show };
  }

  /* Makes the switches of the bugs. */
  function makeBugs(moved) {
    const boxes = Object.entries(BUGS).map(([name, title]) => {
      const change = () =>
        moved(inputs.filter((each) => each.checked).map((e) => e.value));
      const input = make("input", { type: "checkbox", value: name, change });
      return { input, node: make("label", {}, input, title) };
    });
    const inputs = boxes.map(({ input }) => input);
    const show = (names, mode) => {
      for (const input of inputs) {
        input.checked = names.includes(input.value);
        input.disabled = mode === "ae" && OF_VAE.includes(input.value);
      }
    };
    const note = make("p", { class: "vw-small" }, BUG_NOTE);
    const nodes = boxes.map(({ node }) => node);
    return { node: make("div", { class: "vp-bugs" }, ...nodes, note), show };
  }

  function showSettings({ data, choices, fields, bugs }, run) {
    const { settings } = run;
    data.check(run.data.name);
    for (const [name, choice] of Object.entries(choices)) choice.check(settings[name]);
    for (const [name, field] of Object.entries(fields))
      field.show(name === "hidden" ? String(settings.hidden) : settings[name]);
    bugs.show(settings.bugs, settings.mode);
    fields.sigma.node.hidden = settings.likelihood === "bernoulli";
    fields.sigma.node.firstElementChild.textContent =
      settings.likelihood === "learned" ? "σ at the start" : "σ";
    const [isVae, isImage] = [settings.mode === "vae", run.data.side !== null];
    fields.beta.node.hidden = fields.warmUp.node.hidden = !isVae;
    // A Bernoulli likelihood is for pixels.
    choices.likelihood.querySelector("[value=bernoulli]").disabled = !isImage;
  }

  Object.assign(P, { STOPS, makeControls, makeStops });
})();
