/* Layers of Keras: dense layers, convolutions, pooling, normalisation. */

function dense(x, { activation }, { kernel, bias }) {
  const [inputs, units] = kernel.shape;
  const rows = x.data.length / inputs;
  const sums = startWith(bias, rows, units);
  for (let row = 0; row < rows; row++) {
    addProduct(sums, row * units, x.data, row * inputs, inputs, kernel.data, 0, units);
  }
  const shape = [...x.shape.slice(0, -1), units];
  return activate(tensor(new Float32Array(sums), shape), activation);
}

/* Returns how many pixels come before the first, as TensorFlow pads. */
function padBefore(padding, large, small, kernel, stride) {
  if (padding === "valid") return 0;
  return Math.max((small - 1) * stride + kernel - large, 0) >> 1;
}

function outputSide(padding, side, kernel, stride) {
  return Math.ceil((padding === "valid" ? side - kernel + 1 : side) / stride);
}

/* Calls visit(small, large, ky, kx) for all pixels of the smaller and the larger of two
   images that a kernel joins, pixel by pixel of the smaller one. */
function slide(small, large, kernel, strides, before, visit) {
  for (let y = 0; y < small[0]; y++) {
    for (let x = 0; x < small[1]; x++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        const row = y * strides[0] + ky - before[0];
        if (row < 0 || row >= large[0]) continue;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const column = x * strides[1] + kx - before[1];
          if (column < 0 || column >= large[1]) continue;
          visit(y * small[1] + x, row * large[1] + column, ky, kx);
        }
      }
    }
  }
}

function conv2d(x, { strides, padding, activation }, { kernel, bias }) {
  const [high, wide, inputs, units] = kernel.shape;
  const large = x.shape.slice(1, 3);
  const small = large.map((side, i) => outputSide(padding, side, kernel.shape[i], strides[i]));
  const before = large.map((side, i) =>
    padBefore(padding, side, small[i], kernel.shape[i], strides[i]),
  );
  const sums = startWith(bias, sizeOf(small), units);
  slide(small, large, [high, wide], strides, before, (to, from, ky, kx) => {
    const row = (ky * wide + kx) * inputs * units;
    addProduct(sums, to * units, x.data, from * inputs, inputs, kernel.data, row, units);
  });
  return activate(tensor(new Float32Array(sums), [1, ...small, units]), activation);
}

function conv2dTranspose(x, { strides, padding, activation }, { kernel, bias }, shape) {
  const [high, wide, units, inputs] = kernel.shape;
  const small = x.shape.slice(1, 3);
  const large = shape.slice(1, 3);
  const before = large.map((side, i) =>
    padBefore(padding, side, small[i], kernel.shape[i], strides[i]),
  );
  const sums = startWith(bias, sizeOf(large), units);
  slide(small, large, [high, wide], strides, before, (from, to, ky, kx) => {
    for (let unit = 0; unit < units; unit++) {
      const row = ((ky * wide + kx) * units + unit) * inputs;
      let total = 0;
      for (let channel = 0; channel < inputs; channel++) {
        total += x.data[from * inputs + channel] * kernel.data[row + channel];
      }
      sums[to * units + unit] += total;
    }
  });
  return activate(tensor(new Float32Array(sums), [1, ...large, units]), activation);
}

/* Makes sums that begin with the bias: `units` of them in each row. */
function startWith(bias, rows, units) {
  const sums = new Float64Array(rows * units);
  if (bias) for (let row = 0; row < rows; row++) sums.set(bias.data, row * units);
  return sums;
}

/* Reduces the pixels of each window; those beyond the edge do not count. */
function pool(x, { pool_size: size, strides, padding }, fold) {
  const large = x.shape.slice(1, 3);
  const channels = x.shape[3];
  const steps = strides ?? size;
  const small = large.map((side, i) => outputSide(padding, side, size[i], steps[i]));
  const before = large.map((side, i) => padBefore(padding, side, small[i], size[i], steps[i]));
  const groups = Array.from({ length: sizeOf(small) * channels }, () => []);
  slide(small, large, size, steps, before, (to, from) => {
    for (let c = 0; c < channels; c++) groups[to * channels + c].push(x.data[from * channels + c]);
  });
  return tensor(Float32Array.from(groups, fold), [1, ...small, channels]);
}

/* Copies pixels to an image of another size, from where `source` says; others are 0. */
function move(x, height, width, source) {
  const [, rows, columns, channels] = x.shape;
  const result = new Float32Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    for (let column = 0; column < width; column++) {
      const [from, side] = source(y, column);
      if (from < 0 || from >= rows || side < 0 || side >= columns) continue;
      const start = (from * columns + side) * channels;
      const pixel = x.data.subarray(start, start + channels);
      result.set(pixel, (y * width + column) * channels);
    }
  }
  return tensor(result, [1, height, width, channels]);
}

function crop(x, [[top, bottom], [left, right]]) {
  const [, rows, columns] = x.shape;
  const [height, width] = [rows - top - bottom, columns - left - right];
  return move(x, height, width, (y, column) => [y + top, column + left]);
}

function enlarge(x, [high, wide]) {
  const [, rows, columns] = x.shape;
  const whole = (value) => Math.floor(value);
  return move(x, rows * high, columns * wide, (y, c) => [whole(y / high), whole(c / wide)]);
}

/* Scales and shifts the values of each channel. */
function scaleChannels(x, { gamma, beta }) {
  const scaled = gamma ? broadcast([x, gamma], (v, g) => v * g) : x;
  return beta ? broadcast([scaled, beta], (v, b) => v + b) : scaled;
}

/* Gives the values along some axes mean 0 and variance 1. */
function standardise(x, axis, epsilon) {
  const along = { axis, keepdims: true };
  const means = reduce(x, along, FOLDS.Mean);
  const centred = broadcast([x, means], (v, m) => v - m);
  const variances = reduce(centred, along, (values) => sum(values.map((v) => v * v)) / values.length);
  return broadcast([centred, variances], (v, variance) => v / Math.sqrt(variance + epsilon));
}

function groupNorm(x, { groups, epsilon }, weights) {
  const channels = x.shape.at(-1);
  const count = groups === -1 ? channels : groups;
  const pixels = x.data.length / channels;
  const grouped = reshape(x, [pixels, count, channels / count]);
  return scaleChannels(reshape(standardise(grouped, [0, 2], epsilon), x.shape), weights);
}

function batchNorm(x, { epsilon }, { gamma, beta, moving_mean: mean, moving_variance: variance }) {
  const centred = broadcast([x, mean], (v, m) => v - m);
  const scaled = broadcast([centred, variance], (v, s) => v / Math.sqrt(s + epsilon));
  return scaleChannels(scaled, { gamma, beta });
}
