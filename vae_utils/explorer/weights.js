/* Reads arrays that vae_utils/explorer/packing.py wrote as text. */
(function () {
  "use strict";

  const ESCAPE = "~".charCodeAt(0); // followed by a pair
  const BASE = 91;
  const LARGEST = 45; // integer of one character
  const FARTHEST = 4140; // integer of a pair
  const book = (window.VAEBook ??= {});

  // Place of each character's code among the digits: all that JSON and HTML leave alone.
  const digits = new Uint8Array(128);
  for (let code = 32, place = 0; code < ESCAPE; code++) {
    if (!'"<\\'.includes(String.fromCharCode(code))) digits[code] = place++;
  }

  function bytesOf(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  /* Reads little-endian float16 in base64. */
  function halvesOf(base64) {
    const bytes = bytesOf(base64);
    const values = new Float32Array(bytes.length / 2);
    for (let i = 0; i < values.length; i++) {
      const bits = bytes[2 * i] | (bytes[2 * i + 1] << 8);
      const exponent = (bits >> 10) & 31;
      const fraction = bits & 1023;
      const size =
        exponent === 0
          ? fraction * 2 ** -24
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
      values[i] = bits & 0x8000 ? -size : size;
    }
    return values;
  }

  /* The integer that two characters of a text stand for. */
  function pairAt(text, i) {
    const [high, low] = [digits[text.charCodeAt(i)], digits[text.charCodeAt(i + 1)]];
    return high * BASE + low - FARTHEST;
  }

  function pairsOf(text) {
    return Int16Array.from({ length: text.length / 2 }, (_, i) => pairAt(text, 2 * i));
  }

  /* Reads so many integers; most are one character. */
  function integersOf(text, count) {
    const values = new Int16Array(count);
    for (let i = 0, at = 0; i < count; i++, at++) {
      const code = text.charCodeAt(at);
      values[i] = code === ESCAPE ? pairAt(text, at + 1) : digits[code] - LARGEST;
      if (code === ESCAPE) at += 2;
    }
    return values;
  }

  /* The kernel of a layer: float16, or integers times steps times powers of two. */
  function kernelOf({ inputs, units, halves, integers, steps, powers }) {
    if (halves) return halvesOf(halves);
    const kernel = new Float32Array(integersOf(integers, inputs * units));
    const columns = halvesOf(steps);
    const rows = integersOf(powers, inputs);
    for (let input = 0, at = 0; input < inputs; input++) {
      const scale = 2 ** -rows[input];
      for (let unit = 0; unit < units; unit++) kernel[at++] *= scale * columns[unit];
    }
    return kernel;
  }

  Object.assign(book, { bytesOf, halvesOf, kernelOf, pairsOf });
})();
