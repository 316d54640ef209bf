/* effective_beta and implied_sigma of vae_utils.loss_units, for web pages. */
(function () {
  "use strict";

  const REDUCTIONS = ["sum", "mean"];
  const BATCH_SIZE =
    "the images of a batch, needed if one term sums over them and one averages";
  const DEFAULTS = {
    reconstruction: "bernoulli",
    pixel_reduction: "sum",
    latent_reduction: "sum",
    reconstruction_weight: 1,
    kl_weight: 1,
    pixels: 784,
    latent_dim: 2,
    reconstruction_batch: "mean",
    kl_batch: "mean",
    batch_size: null,
  };

  /* Throws an error with the name of its setting, so that a page can mark the field. */
  function refuse(name, value, demand) {
    const shown = typeof value === "string" ? `'${value}'` : (value ?? "None");
    const error = new Error(`${name} must be ${demand}. Received: ${name}=${shown}`);
    error.setting = name;
    throw error;
  }

  function checkChoice(settings, name, choices) {
    const allowed = choices.map((choice) => `'${choice}'`).join(" or ");
    if (!choices.includes(settings[name])) refuse(name, settings[name], allowed);
  }

  function checkWeight(settings, name) {
    const value = settings[name];
    if (!Number.isFinite(value) || value < 0)
      refuse(name, value, "a finite number, 0 or more");
  }

  function checkCount(settings, name, meaning) {
    const value = settings[name];
    if (!Number.isInteger(value) || value <= 0)
      refuse(name, value, `a positive integer, ${meaning}`);
    if (!Number.isSafeInteger(value))
      refuse(name, value, `an integer below 2⁵³, ${meaning}`);
  }

  function check(settings) {
    checkChoice(settings, "reconstruction", ["bernoulli", "squared_error"]);
    checkChoice(settings, "pixel_reduction", REDUCTIONS);
    checkChoice(settings, "latent_reduction", REDUCTIONS);
    checkChoice(settings, "reconstruction_batch", REDUCTIONS);
    checkChoice(settings, "kl_batch", REDUCTIONS);
    checkWeight(settings, "reconstruction_weight");
    checkWeight(settings, "kl_weight");
    if (settings.reconstruction_weight === 0) {
      const demand = "above 0: without a reconstruction there is no β";
      refuse("reconstruction_weight", 0, demand);
    }
    checkCount(settings, "pixels", "pixels × channels of an image");
    checkCount(settings, "latent_dim", "the dimensions of z");
    if (settings.batch_size !== null || needsBatchSize(settings))
      checkCount(settings, "batch_size", BATCH_SIZE);
  }

  function needsBatchSize(settings) {
    return settings.reconstruction_batch !== settings.kl_batch;
  }

  /* Computes β from the arguments of the Python function `effective_beta`. */
  function effectiveBeta(given) {
    const settings = { ...DEFAULTS, ...given };
    check(settings);
    const { reconstruction_batch, kl_batch } = settings;
    let beta = settings.kl_weight / settings.reconstruction_weight;
    if (settings.pixel_reduction === "mean") beta *= settings.pixels;
    if (settings.latent_reduction === "mean") beta /= settings.latent_dim;
    if (reconstruction_batch === "mean" && kl_batch === "sum")
      beta *= settings.batch_size;
    if (reconstruction_batch === "sum" && kl_batch === "mean")
      beta /= settings.batch_size;
    return beta;
  }

  /* Computes the σ for which a loss of squared errors with this β is an ELBO. */
  function impliedSigma(beta) {
    return Math.sqrt(beta / 2);
  }

  window.VAELossUnits = { DEFAULTS, effectiveBeta, impliedSigma, needsBatchSize };
})();
