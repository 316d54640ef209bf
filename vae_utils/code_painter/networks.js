/* The networks of a painter: the image of a grid of codes, and what each code costs. */
(function () {
  "use strict";

  const EMPTY = -1; // a cell without a code

  /* Makes what the networks compute. `packed` is what Python packed, weights apart. */
  function makeNetworks({ network, codes: count, blank }, weights) {
    const model = window.VAEBook.painter.makeModel(network, weights);
    const fill = (codes) => codes.map((code) => (code === EMPTY ? blank : code));

    /* Decodes codes to a mean image, values from 0 to 1. */
    const decode = (codes) => model.decode_codes({ codes: fill(codes) }).x_mean.data;

    /* Returns −log p of every code at every place, given the codes before it, in nats,
       place after place. What comes after an empty cell means nothing. */
    function predict(codes) {
      const { data } = model.predict_codes({ codes: fill(codes) }).logits;
      const costs = new Float64Array(data.length);
      for (let at = 0; at < data.length; at += count) {
        const logits = data.subarray(at, at + count);
        const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
        const sum = logits.reduce((total, v) => total + Math.exp(v - most), 0);
        logits.forEach((v, code) => (costs[at + code] = most + Math.log(sum) - v));
      }
      return costs;
    }

    return { decode, predict };
  }

  /* Chooses a code from the probabilities at a place, by a number from 0 to 1. */
  function choose(costs, count, place, number) {
    let left = number;
    for (let code = 0; code < count - 1; code++) {
      left -= Math.exp(-costs[place * count + code]);
      if (left < 0) return code;
    }
    return count - 1;
  }

  /* Counts the codes before the first empty cell. */
  function countKnown(codes) {
    const first = codes.indexOf(EMPTY);
    return first < 0 ? codes.length : first;
  }

  /* Lists what each code before the first empty cell costs, in nats. */
  function listNats(codes, costs) {
    const count = costs.length / codes.length;
    const known = codes.slice(0, countKnown(codes));
    return Array.from(known, (code, place) => costs[place * count + code]);
  }

  const bytesOf = (base64) => Uint8Array.from(atob(base64), (l) => l.charCodeAt(0));

  Object.assign((window.VAEBook.painter ??= {}), {
    EMPTY, bytesOf, choose, countKnown, listNats, makeNetworks,
  }); // prettier-ignore
})();
