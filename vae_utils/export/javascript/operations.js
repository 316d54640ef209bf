/* Activations, and operations of Keras that compute value by value. */

const SELU = [1.0507009873554805, 1.6732632423543772]; // scale and alpha

/* Computes the error function by its series, which never subtracts. */
function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, total] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-12 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

const sigmoid = (v) => 1 / (1 + Math.exp(-v));
const softplus = (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
const elu = (v, alpha = 1) => (v > 0 ? v : alpha * Math.expm1(v));
const leaky = (v, slope = 0.2) => (v > 0 ? v : slope * v);
const silu = (v) => v * sigmoid(v);
const geluExact = (v) => 0.5 * v * (1 + erf(v / Math.SQRT2));
const geluClose = (v) =>
  0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));

/* Rounds half to even, as Keras does. */
function round(v) {
  const near = Math.round(v);
  return near - v === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

const ACTIVATIONS = {
  linear: (v) => v,
  relu: (v) => Math.max(v, 0),
  relu6: (v) => Math.min(Math.max(v, 0), 6),
  leaky_relu: (v) => leaky(v),
  elu: (v) => elu(v),
  selu: (v) => SELU[0] * elu(v, SELU[1]),
  gelu: geluExact,
  silu,
  swish: silu,
  softplus,
  softsign: (v) => v / (1 + Math.abs(v)),
  tanh: Math.tanh,
  sigmoid,
  exponential: Math.exp,
};

/* Applies an activation by name; softmax needs all values of the last axis. */
function activate(values, name) {
  if (!name || name === "linear") return values;
  return name === "softmax" ? softmax(values) : broadcast([values], ACTIVATIONS[name]);
}

function logSoftmax(values) {
  const total = reduce(values, { axis: -1, keepdims: true }, logSumExp);
  return broadcast([values, total], (v, t) => v - t);
}

function softmax(values) {
  return broadcast([logSoftmax(values)], Math.exp);
}

function logSumExp(values) {
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(most)) return most;
  return most + Math.log(sum(values.map((v) => Math.exp(v - most))));
}

const ONE = {
  Absolute: Math.abs,
  Ceil: Math.ceil,
  Exp: Math.exp,
  Expm1: Math.expm1,
  Floor: Math.floor,
  Log: Math.log,
  Log1p: Math.log1p,
  LogicalNot: (v) => (v ? 0 : 1),
  Negative: (v) => -v,
  OnesLike: () => 1,
  Reciprocal: (v) => 1 / v,
  Relu: ACTIVATIONS.relu,
  Relu6: ACTIVATIONS.relu6,
  Round: round,
  Rsqrt: (v) => 1 / Math.sqrt(v),
  Selu: ACTIVATIONS.selu,
  Sigmoid: sigmoid,
  Sign: Math.sign,
  Silu: silu,
  Softplus: softplus,
  Softsign: ACTIVATIONS.softsign,
  Sqrt: Math.sqrt,
  Square: (v) => v * v,
  Tanh: Math.tanh,
  ZerosLike: () => 0,
};

const SEVERAL = {
  Add: (a, b) => a + b,
  Divide: (a, b) => a / b,
  Equal: (a, b) => a === b,
  Greater: (a, b) => a > b,
  GreaterEqual: (a, b) => a >= b,
  Less: (a, b) => a < b,
  LessEqual: (a, b) => a <= b,
  LogicalAnd: (a, b) => a && b,
  LogicalOr: (a, b) => a || b,
  Maximum: (a, b) => Math.max(a, b),
  Minimum: (a, b) => Math.min(a, b),
  Multiply: (a, b) => a * b,
  NotEqual: (a, b) => a !== b,
  Power: (a, b) => a ** b,
  Subtract: (a, b) => a - b,
  TrueDivide: (a, b) => a / b,
};

const FOLDS = {
  Sum: sum,
  Mean: (values) => sum(values) / values.length,
  Max: (values) => values.reduce((a, b) => Math.max(a, b)),
  Min: (values) => values.reduce((a, b) => Math.min(a, b)),
  Logsumexp: logSumExp,
};
