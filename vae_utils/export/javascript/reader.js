/* Runs the functions of an exported script: in Node.js, `reader.js MODEL CASES`, which
   prints the results; in a page after the script and CASES, whose text they become. */
(function () {
  "use strict";
  const inNode = typeof require === "function";
  const model = inNode ? require(process.argv[2]) : VAEModel;
  const cases = inNode ? require(process.argv[3]) : CASES;
  const KINDS = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array };

  function read({ dtype, data }) {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    return new KINDS[dtype](bytes.buffer);
  }

  const results = {};
  for (const [key, inputs] of Object.entries(cases)) {
    const given = {};
    for (const name in inputs) given[name] = read(inputs[name]);
    const outputs = model[key.split("/")[0]](given);
    for (const [name, { data, shape }] of Object.entries(outputs)) {
      results[`${key}/${name}`] = { data: Array.from(data), shape };
    }
  }
  const text = JSON.stringify(results);
  if (inNode) process.stdout.write(text);
  else document.getElementById("results").textContent = text;
})();
