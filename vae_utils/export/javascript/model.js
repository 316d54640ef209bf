/* The model that a page or a program calls: model.NAME({ input: values }). */

const BYTES = [Uint8Array, Uint8ClampedArray];

/* Checks the values of an input; returns them, and how many examples they are. */
function checkInput({ name, shape, dtype }, values) {
  const bytes = BYTES.some((kind) => values instanceof kind);
  const array = ArrayBuffer.isView(values) || Array.isArray(values);
  if (!array || (dtype === "uint8" && !bytes) || (name === "x" && dtype !== "uint8" && bytes)) {
    const wanted = dtype === "uint8" ? "a Uint8Array" : "an array of numbers, not bytes";
    throw new TypeError(`${name} must be ${wanted}.`);
  }
  const count = values.length / sizeOf(shape);
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `${name} must hold examples of shape (${shape}), one after another. ` +
        `Received: ${values.length} values`,
    );
  }
  return [Float32Array.from(values), count];
}

/* Joins the rows of examples to tensors. */
function joinRows(rows) {
  const joined = {};
  for (const name in rows[0]) {
    const { shape, data } = rows[0][name];
    const result = new Float32Array(rows.length * data.length);
    rows.forEach((row, i) => result.set(row[name].data, i * data.length));
    joined[name] = { data: result, shape: [rows.length, ...shape.slice(1)] };
  }
  return joined;
}

function makeFunction(name, described, weights, batchSize) {
  return (given) => {
    const missing = described.inputs.filter((input) => !(input.name in given));
    if (missing.length) {
      throw new TypeError(`${name} needs ${described.inputs.map((i) => i.name).join(", ")}.`);
    }
    const checked = described.inputs.map((input) => checkInput(input, given[input.name]));
    const counts = checked.map(([, count]) => count);
    if (new Set(counts).size > 1 || (batchSize && counts[0] !== batchSize)) {
      throw new RangeError(
        `The inputs of ${name} must be of ${batchSize || "equally many"} examples. ` +
          `Received: ${counts.join(", ")}`,
      );
    }
    const rows = Array.from({ length: counts[0] }, (_, i) => {
      const one = {};
      described.inputs.forEach((input, k) => {
        const size = sizeOf(input.shape);
        const values = checked[k][0].subarray(i * size, (i + 1) * size);
        one[input.name] = tensor(values, [1, ...input.shape]);
      });
      return computeOne(described, one, weights);
    });
    return joinRows(rows);
  };
}

/* Makes the model: metadata, and a function for each that was exported. */
function makeModel({ functions, metadata, floats }, base64) {
  const weights = floats === "float16" ? halvesOf(base64) : floatsOf(base64);
  const model = { metadata };
  for (const name in functions) {
    model[name] = makeFunction(name, functions[name], weights, metadata?.batch_size);
  }
  return model;
}
