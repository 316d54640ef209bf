/* Runs a described network, one example at a time. */

/* Name in Keras → function of arguments, settings, weights, and shape of the result. */
const OPERATIONS = {
  Activation: ([x], { activation }) => activate(x, activation),
  AveragePooling2D: ([x], settings) => pool(x, settings, FOLDS.Mean),
  BatchNormalization: ([x], settings, weights) => batchNorm(x, settings, weights),
  Clip: ([x], { x_min: low, x_max: high }) =>
    broadcast([x], (v) => Math.min(Math.max(v, low), high)),
  Concatenate: ([tensors], { axis }) => concatenate(tensors, axis),
  Conv2D: ([x], settings, weights) => conv2d(x, settings, weights),
  Conv2DTranspose: ([x], settings, weights, shape) =>
    conv2dTranspose(x, settings, weights, shape),
  Cropping2D: ([x], { cropping }) => crop(x, cropping),
  Dense: ([x], settings, weights) => dense(x, settings, weights),
  ELU: ([x], { alpha }) => broadcast([x], (v) => elu(v, alpha)),
  Elu: ([x], { alpha }) => broadcast([x], (v) => elu(v, alpha)),
  Embedding: ([y], settings, { embeddings }) => take(embeddings, y),
  ExpandDims: ([x], { axis }) => {
    const places = axesOf(axis, x.shape.length + [axis].flat().length);
    const sides = [...x.shape];
    for (const place of places.sort((a, b) => a - b)) sides.splice(place, 0, 1);
    return tensor(x.data, sides);
  },
  Flatten: ([x]) => reshape(x, [1, -1]),
  Gelu: ([x], { approximate }) => broadcast([x], approximate ? geluClose : geluExact),
  GetItem: ([x, index]) => getItem(x, index),
  GlobalAveragePooling2D: ([x], { keepdims }) =>
    reduce(x, { axis: [1, 2], keepdims }, FOLDS.Mean),
  GroupNormalization: ([x], settings, weights) => groupNorm(x, settings, weights),
  LayerNormalization: ([x], { epsilon }, weights) =>
    scaleChannels(standardise(x, -1, epsilon), weights),
  LeakyReLU: ([x], { negative_slope: slope }) => broadcast([x], (v) => leaky(v, slope)),
  LeakyRelu: ([x], { negative_slope: slope }) => broadcast([x], (v) => leaky(v, slope)),
  LogSoftmax: ([x]) => logSoftmax(x),
  Matmul: ([a, b]) => matmul(a, b),
  MaxPooling2D: ([x], settings) => pool(x, settings, FOLDS.Max),
  OneHot: ([y], { num_classes: classes }) => {
    const result = new Float32Array(y.data.length * classes);
    y.data.forEach((label, row) => {
      if (label >= 0 && label < classes) result[row * classes + label] = 1;
    });
    return tensor(result, [...y.shape, classes]);
  },
  ReLU: ([x]) => broadcast([x], ACTIVATIONS.relu),
  Rescaling: ([x], { scale, offset }) => {
    const along = (value) => (Array.isArray(value) ? tensor(value, [value.length]) : value);
    return broadcast([x, along(scale), along(offset)], (v, s, o) => v * s + o);
  },
  Reshape: ([x], { target_shape: layer, newshape }) => reshape(x, newshape ?? [1, ...layer]),
  Softmax: ([x]) => softmax(x),
  Squeeze: ([x], { axis }) => {
    const axes = axis === null ? null : axesOf(axis, x.shape.length);
    return tensor(x.data, x.shape.filter((side, i) => (axes ? !axes.includes(i) : side !== 1)));
  },
  Take: ([x, y]) => take(x, y),
  Transpose: ([x], { axes }) => transpose(x, axes),
  UpSampling2D: ([x], { size }) => enlarge(x, size),
  Where: (values) => broadcast(values, (test, yes, no) => (test ? yes : no)),
  ZeroPadding2D: ([x], { padding }) => crop(x, padding.map((side) => side.map((n) => -n))),
};
for (const name of ["Cast", "ConvertToTensor", "Copy", "Identity"]) {
  OPERATIONS[name] = ([x]) => x;
}
for (const name of ["Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout2D"]) {
  OPERATIONS[name] = ([x]) => x;
}
for (const name in ONE) OPERATIONS[name] = ([x]) => broadcast([x], ONE[name]);
for (const name in SEVERAL) {
  OPERATIONS[name] = (values) =>
    values.flat().reduce((a, b) => broadcast([a, b], SEVERAL[name]));
}
for (const name in FOLDS) OPERATIONS[name] = ([x], settings) => reduce(x, settings, FOLDS[name]);

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/* Reads little-endian float32, which is what every processor of today has. */
function floatsOf(base64) {
  return new Float32Array(bytesOf(base64).buffer);
}

/* Reads little-endian float16, for which older browsers have no array. */
function halvesOf(base64) {
  return Float32Array.from(new Uint16Array(bytesOf(base64).buffer), (bits) => {
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    const size = exponent ? (1 + fraction) * 2 ** (exponent - 15) : fraction * 2 ** -14;
    return bits >> 15 ? -size : size;
  });
}

/* Computes one example: name of an output → tensor with one row. */
function computeOne({ nodes, outputs }, given, weights) {
  const take = ({ at, shape }) => tensor(weights.subarray(at, at + sizeOf(shape)), shape);
  const results = [];
  const find = ([node, number]) =>
    Array.isArray(results[node]) ? results[node][number] : results[node];
  const resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve);
    if (value && value.from) return find(value.from);
    return value && value.weight ? take(value.weight) : value;
  };
  for (const node of nodes) {
    if (node.op === "Input") {
      results.push(given[node.input]);
      continue;
    }
    const own = {};
    for (const name in node.weights) own[name] = take(node.weights[name]);
    const settings = node.settings ?? {};
    results.push(OPERATIONS[node.op](node.args.map(resolve), settings, own, node.shape));
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, at]) => [name, find(at)]));
}
