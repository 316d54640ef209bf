/* Dense layers: their weights in one array, their outputs, and their slopes.

   A slope is the derivative of the loss with respect to a number. All weights of a model
   lie in one array and their slopes in another, so that Adam, copies and messages see
   one array each. Layers hold views into them. */
(function () {
  "use strict";

  const { addTransposed, multiply } = self.VAEBook.playground;

  /* Makes layers from [name, inputs, units, whether ReLU follows]; `more` is a number of
     further weights, after those of the layers. */
  function makeLayers(shapes, more) {
    const size = shapes.reduce((sum, [, n, units]) => sum + (n + 1) * units, more);
    const [weights, slopes] = [new Float32Array(size), new Float32Array(size)];
    let at = 0;
    const layers = shapes.map(([name, inputs, units, isHidden]) => {
      const kernelAt = at;
      const biasAt = (at += inputs * units);
      at += units;
      return {
        name, inputs, units, isHidden, kernelAt, biasAt,
        kernel: weights.subarray(kernelAt, biasAt),
        bias: weights.subarray(biasAt, at),
        kernelSlope: slopes.subarray(kernelAt, biasAt),
        biasSlope: slopes.subarray(biasAt, at),
        values: new Float32Array(0), // its inputs, as last given
        outputs: new Float32Array(0),
        inputSlope: new Float32Array(0),
      }; // prettier-ignore
    });
    return { layers, weights, slopes };
  }

  /* Draws kernels as Keras does, uniform within ±√(6 / (inputs + units)); biases are 0. */
  function drawWeights(layers, generator) {
    for (const { inputs, units, kernel, bias } of layers) {
      const limit = Math.sqrt(6 / (inputs + units));
      for (let i = 0; i < kernel.length; i++)
        kernel[i] = limit * (2 * generator.uniform() - 1);
      bias.fill(0);
    }
  }

  /* Returns an array of at least so many numbers: the one given, if it is large enough. */
  function atLeast(array, size) {
    return array.length < size ? new Float32Array(size) : array;
  }

  /* Computes x · kernel + bias, then ReLU in hidden layers. */
  function forward(layer, values, rows) {
    const { inputs, units, kernel, bias } = layer;
    const outputs = (layer.outputs = atLeast(layer.outputs, rows * units));
    layer.values = values;
    multiply(outputs, values, inputs, 1, kernel, rows, inputs, units, bias);
    if (layer.isHidden)
      for (let i = 0; i < rows * units; i++) if (outputs[i] < 0) outputs[i] = 0; // not NaN
    return outputs;
  }

  /* Computes the slopes of the weights from those of the outputs (before ReLU). */
  function backward(layer, slope, rows) {
    const { inputs, units, values, kernelSlope, biasSlope } = layer;
    multiply(kernelSlope, values, 1, inputs, slope, inputs, rows, units, null);
    biasSlope.fill(0);
    for (let i = 0, at = 0; i < rows; i++)
      for (let j = 0; j < units; j++) biasSlope[j] += slope[at++];
  }

  /* Adds the slopes of a layer's inputs to an array. Behind a hidden layer, the slope is
     zero where ReLU switched a unit off. */
  function addInputSlope(result, layer, slope, rows, isBehindHidden) {
    const { inputs, units, kernel, values } = layer;
    const mask = isBehindHidden ? values : null;
    addTransposed(result, slope, kernel, rows, inputs, units, mask);
  }

  /* Runs layers one after another. */
  function forwardAll(layers, values, rows) {
    return layers.reduce((x, layer) => forward(layer, x, rows), values);
  }

  /* Goes back through layers, from the slopes of the last one's outputs. Returns those
     of the first one's inputs, unless nothing needs them. */
  function backwardAll(layers, slope, rows, needsInputSlope) {
    for (let i = layers.length - 1; i >= 0; i--) {
      const layer = layers[i];
      backward(layer, slope, rows);
      if (i === 0 && !needsInputSlope) return null;
      const size = rows * layer.inputs;
      layer.inputSlope = atLeast(layer.inputSlope, size).fill(0, 0, size);
      addInputSlope(layer.inputSlope, layer, slope, rows, i > 0);
      slope = layer.inputSlope;
    }
    return slope;
  }

  Object.assign(self.VAEBook.playground, {
    addInputSlope, atLeast, backward, backwardAll, drawWeights, forward, forwardAll,
    makeLayers,
  }); // prettier-ignore
})();
