/* The bugs to switch on, each in one place. All of them are found in published code.

   meanOverPixels      the loss has the mean of nll over pixels, not its sum
   meanOverDimensions  the loss has the mean of kl over latent dimensions, not its sum
   forgottenHalf       the loss has kl without its factor ½: twice the kl
   sigmaForLogVar      the draw takes the encoder's output, log σ², for σ: z = μ + ε log σ²;
                       kl still takes it for log σ²
   samplingOff         there is no draw while training: z = μ
   sigmoidTwice        the decoder ends in one sigmoid more than the likelihood expects
   bytes               values are 255 times what they should be: pixels in 0 … 255

   The first three change the loss and the next two the draw: correct code that scores
   the trained weights shows what they did. The last two stay with network and data. */
(function () {
  "use strict";

  const { exp, sigmoid } = self.VAEBook.playground;
  const BUGS = [
    "meanOverPixels", "meanOverDimensions", "forgottenHalf", "sigmaForLogVar",
    "samplingOff", "sigmoidTwice", "bytes",
  ]; // prettier-ignore
  const OF_LOSS_OR_DRAW = BUGS.slice(0, 5);

  /* The factor of nll in the loss. */
  function nllFactor(bugs, outputs) {
    return bugs.includes("meanOverPixels") ? 1 / outputs : 1;
  }

  /* The factor of kl in the loss, beside β. */
  function klFactor(bugs, dimensions) {
    const mean = bugs.includes("meanOverDimensions") ? 1 / dimensions : 1;
    return bugs.includes("forgottenHalf") ? 2 * mean : mean;
  }

  /* What the noise is multiplied by: functions of log σ², and their derivatives. */
  const SCALES = {
    correct: { scale: (logVar) => exp(logVar / 2), slope: (_, scale) => scale / 2 },
    sigmaForLogVar: { scale: (logVar) => logVar, slope: () => 1 },
    samplingOff: { scale: () => 0, slope: () => 0 },
  };

  function noiseScale(bugs) {
    const found = ["samplingOff", "sigmaForLogVar"].find((name) => bugs.includes(name));
    return SCALES[found ?? "correct"];
  }

  /* Applies a sigmoid to the decoder's outputs, if it is to be applied twice. */
  function squash(bugs, outputs, count) {
    if (!bugs.includes("sigmoidTwice")) return;
    for (let i = 0; i < count; i++) outputs[i] = sigmoid(outputs[i]);
  }

  /* Turns slopes of what `squash` returned into slopes of what it was given. */
  function squashSlope(bugs, slopes, outputs, count) {
    if (!bugs.includes("sigmoidTwice")) return;
    for (let i = 0; i < count; i++) slopes[i] *= outputs[i] * (1 - outputs[i]);
  }

  /* What values are multiplied by, after they were scaled to where they should be. */
  function valueFactor(bugs) {
    return bugs.includes("bytes") ? 255 : 1;
  }

  /* The bugs that correct code still meets when it scores the trained networks. */
  function lasting(bugs) {
    return bugs.filter((name) => !OF_LOSS_OR_DRAW.includes(name));
  }

  Object.assign(self.VAEBook.playground, {
    BUGS, klFactor, lasting, nllFactor, noiseScale, squash, squashSlope, valueFactor,
  }); // prettier-ignore
})();
