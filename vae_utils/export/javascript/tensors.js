/* Tensors, { data: Float32Array, shape: [...] }, and what changes their shapes. */

function tensor(data, shape) {
  return { data, shape };
}

function sizeOf(shape) {
  return shape.reduce((product, side) => product * side, 1);
}

/* Numbers are tensors without axes. */
function asTensor(value) {
  const plain = typeof value === "number" || typeof value === "boolean";
  return plain ? tensor(Float32Array.of(Number(value)), []) : value;
}

/* Returns how far apart neighbours on each axis are; 0 where one value serves all. */
function stepsOf(shape, wanted) {
  const steps = new Array(wanted.length).fill(0);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const place = axis + wanted.length - shape.length;
    if (shape[axis] !== 1) steps[place] = step;
    step *= shape[axis];
  }
  return steps;
}

/* Calls visit(index, positions) for each place of a shape, in reading order; positions
   are those in arrays that have their own steps along its axes. */
function walk(shape, steps, visit) {
  const count = sizeOf(shape);
  const place = new Array(shape.length).fill(0);
  const positions = steps.map(() => 0);
  for (let index = 0; index < count; index++) {
    visit(index, positions);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]++;
      for (let i = 0; i < steps.length; i++) positions[i] += steps[i][axis];
      if (place[axis] < shape[axis]) break;
      for (let i = 0; i < steps.length; i++) positions[i] -= shape[axis] * steps[i][axis];
      place[axis] = 0;
    }
  }
}

/* Computes each value from values of several tensors, which are broadcast. */
function broadcast(values, compute) {
  const tensors = values.map(asTensor);
  const rank = Math.max(...tensors.map(({ shape }) => shape.length));
  const shape = Array.from({ length: rank }, (_, axis) =>
    Math.max(...tensors.map((t) => t.shape[axis - rank + t.shape.length] ?? 1)),
  );
  const result = new Float32Array(sizeOf(shape));
  const steps = tensors.map((t) => stepsOf(t.shape, shape));
  const [a, b, c] = tensors.map(({ data }) => data);
  if (tensors.length === 1) return tensor(a.map((v) => compute(v)), shape);
  walk(shape, steps, (index, [i, j, k]) => {
    result[index] = compute(a[i], b[j], c === undefined ? 0 : c[k]);
  });
  return tensor(result, shape);
}

/* Lists axes counted from the front; all of them for null. */
function axesOf(axis, rank) {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  return [axis].flat().map((each) => (each < 0 ? each + rank : each));
}

/* Computes one number from all values along some axes. */
function reduce({ data, shape }, { axis, keepdims }, fold) {
  const axes = axesOf(axis, shape.length);
  const kept = shape.map((side, i) => (axes.includes(i) ? 1 : side));
  const groups = Array.from({ length: sizeOf(kept) }, () => []);
  walk(shape, [stepsOf(kept, shape)], (index, [group]) => groups[group].push(data[index]));
  const left = keepdims ? kept : shape.filter((_, i) => !axes.includes(i));
  return tensor(Float32Array.from(groups, fold), left);
}

function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/* Adds to sums, from place `to` on, the product of `count` values, from place `from` on,
   and as many rows of a matrix, from place `at` on, `width` values each. Four rows at a
   time are three times as fast as one. */
function addProduct(sums, to, values, from, count, matrix, at, width) {
  let row = 0;
  for (; row + 4 <= count; row += 4) {
    const first = from + row;
    const [a, b] = [values[first], values[first + 1]];
    const [c, d] = [values[first + 2], values[first + 3]];
    if (a === 0 && b === 0 && c === 0 && d === 0) continue; // most pixels of drawings are
    let place = at + row * width;
    for (let j = 0; j < width; j++, place++) {
      sums[to + j] +=
        a * matrix[place] +
        b * matrix[place + width] +
        c * matrix[place + 2 * width] +
        d * matrix[place + 3 * width];
    }
  }
  for (; row < count; row++) {
    const value = values[from + row];
    const start = at + row * width;
    for (let j = 0; j < width; j++) sums[to + j] += value * matrix[start + j];
  }
}

/* Multiplies the last axis of a tensor by a matrix, or each matrix by its own. */
function matmul(a, b) {
  const [inner, width] = b.shape.slice(-2);
  const own = b.shape.length > 2 && sizeOf(b.shape.slice(0, -2)) > 1;
  const each = own ? a.shape[a.shape.length - 2] : Infinity; // rows for one matrix
  const rows = a.data.length / inner;
  const sums = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const start = own ? Math.floor(row / each) * inner * width : 0;
    addProduct(sums, row * width, a.data, row * inner, inner, b.data, start, width);
  }
  return tensor(new Float32Array(sums), [...a.shape.slice(0, -1), width]);
}

/* Takes rows by their numbers. */
function take({ data, shape }, numbers) {
  const size = sizeOf(shape.slice(1));
  const result = new Float32Array(numbers.data.length * size);
  numbers.data.forEach((number, i) =>
    result.set(data.subarray(number * size, (number + 1) * size), i * size),
  );
  return tensor(result, [...numbers.shape, ...shape.slice(1)]);
}

/* Puts the axes of a tensor into another order; null turns them round. */
function transpose({ data, shape }, axes) {
  const order = axes ?? shape.map((_, i) => shape.length - 1 - i);
  const steps = stepsOf(shape, shape);
  const sides = order.map((axis) => shape[axis]);
  const result = new Float32Array(data.length);
  const own = order.map((axis) => steps[axis]);
  walk(sides, [own], (i, [place]) => (result[i] = data[place]));
  return tensor(result, sides);
}

/* Gives a tensor another shape, of which one side may be -1. */
function reshape({ data, shape }, wanted) {
  const known = sizeOf(wanted.filter((side) => side !== -1));
  return tensor(data, wanted.map((side) => (side === -1 ? sizeOf(shape) / known : side)));
}

function concatenate(tensors, axis) {
  const [first] = tensors;
  const [at] = axesOf(axis, first.shape.length);
  const outer = sizeOf(first.shape.slice(0, at));
  const inner = tensors.map(({ shape }) => sizeOf(shape.slice(at)));
  const width = sum(inner);
  const result = new Float32Array(outer * width);
  let start = 0;
  tensors.forEach(({ data }, i) => {
    for (let row = 0; row < outer; row++) {
      const values = data.subarray(row * inner[i], (row + 1) * inner[i]);
      result.set(values, row * width + start);
    }
    start += inner[i];
  });
  const side = sum(tensors.map(({ shape }) => shape[at]));
  const shape = first.shape.map((own, place) => (place === at ? side : own));
  return tensor(result, shape);
}

/* Takes what NumPy takes for x[index]: numbers, slices, an ellipsis, new axes. */
function getItem({ data, shape }, index) {
  const items = [index].flat();
  const used = items.filter((item) => item !== null && !item.ellipsis).length;
  const all = new Array(shape.length - used).fill({ slice: [null, null, null] });
  const dots = items.findIndex((item) => item !== null && item.ellipsis);
  if (dots < 0) items.push(...all);
  else items.splice(dots, 1, ...all);
  const full = stepsOf(shape, shape);
  const [sides, steps] = [[], []];
  let [axis, start] = [0, 0];
  for (const item of items) {
    if (item === null) {
      sides.push(1);
      steps.push(0);
      continue;
    }
    const side = shape[axis];
    if (typeof item === "number") {
      start += full[axis] * (item < 0 ? item + side : item);
    } else {
      const [first, count, step] = rangeOf(item.slice, side);
      start += full[axis] * first;
      sides.push(count);
      steps.push(full[axis] * step);
    }
    axis++;
  }
  const result = new Float32Array(sizeOf(sides));
  walk(sides, [steps], (i, [place]) => (result[i] = data[start + place]));
  return tensor(result, sides);
}

/* Returns where a slice begins, how many it takes, and how far apart. */
function rangeOf([start, stop, step], side) {
  const by = step ?? 1;
  const [low, high] = by > 0 ? [0, side] : [-1, side - 1];
  const clip = (v) => Math.min(Math.max(v < 0 ? v + side : v, low), high);
  const first = start === null ? (by > 0 ? 0 : side - 1) : clip(start);
  const end = stop === null ? (by > 0 ? side : -1) : clip(stop);
  return [first, Math.max(0, Math.ceil((end - first) / by)), by];
}
