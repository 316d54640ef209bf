/* The two products of matrices that training needs. Nearly all of its time is here.

   Matrices are rows in one array. Both loops run along rows of the larger matrix, four
   at a time: each number of the result is then read and written once for four products.
   Zeros are left out beforehand, and there are many: dark pixels, and units that ReLU
   switched off. Sums are float64, results float32. */
(function () {
  "use strict";

  let places = new Int32Array(0); // of the factors that are not zero
  let factors = new Float64Array(0);
  const sums = new Map(); // number of columns → a row to sum in

  function rowOf(columns) {
    if (!sums.has(columns)) sums.set(columns, new Float64Array(columns));
    return sums.get(columns);
  }

  function makeRoom(count) {
    if (places.length >= count) return;
    places = new Int32Array(count);
    factors = new Float64Array(count);
  }

  // Written out, one constant a line: the loops below are where a small array would cost.

  /* Adds so many rows of a matrix, times their factors, to a row. */
  function addRows(row, matrix, columns, count) {
    let n = 0;
    for (; n + 3 < count; n += 4) {
      const a = factors[n];
      const b = factors[n + 1];
      const c = factors[n + 2];
      const d = factors[n + 3];
      const i = places[n];
      const k = places[n + 1];
      const l = places[n + 2];
      const m = places[n + 3];
      for (let j = 0; j < columns; j++)
        row[j] +=
          a * matrix[i + j] + b * matrix[k + j] + c * matrix[l + j] + d * matrix[m + j];
    }
    for (; n < count; n++) {
      const a = factors[n];
      const i = places[n];
      for (let j = 0; j < columns; j++) row[j] += a * matrix[i + j];
    }
  }

  /* result = left · right (+ a row), where left is (rows, inner), right (inner, columns).
     Neighbours in a row of `left` are `step` apart, rows `rowStep`: swapped, they make
     the product of its transpose. */
  function multiply(result, left, rowStep, step, right, rows, inner, columns, start) {
    makeRoom(inner);
    const row = rowOf(columns);
    for (let r = 0; r < rows; r++) {
      let count = 0;
      for (let k = 0, at = r * rowStep; k < inner; k++, at += step) {
        const factor = left[at];
        if (factor === 0) continue;
        factors[count] = factor;
        places[count++] = k * columns;
      }
      if (start) row.set(start);
      else row.fill(0);
      addRows(row, right, columns, count);
      result.set(row, r * columns);
    }
  }

  /* result += left · rightᵀ, where left is (rows, columns), right (inner, columns); zero
     where `mask`, of the result's shape, is not positive. */
  function addTransposed(result, left, right, rows, inner, columns, mask) {
    makeRoom(inner);
    for (let r = 0; r < rows; r++) {
      const first = r * columns;
      const start = r * inner;
      let count = 0;
      for (let i = 0; i < inner; i++)
        if (!mask || mask[start + i] > 0) places[count++] = i;
      let n = 0;
      for (; n + 3 < count; n += 4) {
        const i = places[n] * columns;
        const k = places[n + 1] * columns;
        const l = places[n + 2] * columns;
        const m = places[n + 3] * columns;
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        for (let j = 0; j < columns; j++) {
          const factor = left[first + j];
          a += factor * right[i + j];
          b += factor * right[k + j];
          c += factor * right[l + j];
          d += factor * right[m + j];
        }
        result[start + places[n]] += a;
        result[start + places[n + 1]] += b;
        result[start + places[n + 2]] += c;
        result[start + places[n + 3]] += d;
      }
      for (; n < count; n++) {
        const place = places[n] * columns;
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += left[first + j] * right[place + j];
        result[start + places[n]] += sum;
      }
    }
  }

  Object.assign(self.VAEBook.playground, { addTransposed, multiply });
})();
