/* A run in the page's address: #data=digits&latentDim=2&… A link has all settings, what
   was changed on the way, and the step up to which it was trained. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const MOST_STEPS = 200000; // that a link may ask for: some minutes
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

  const readNumber = (text) => (NUMBER.test(text) ? Number(text) : NaN);
  const readList = (text) => (text === "" ? [] : text.split(","));
  const READERS = {
    hidden: (text) => readList(text).map(readNumber),
    bugs: readList,
    mode: (text) => text,
    likelihood: (text) => text,
  };
  const NAMES = [
    "mode", "latentDim", "hidden", "likelihood", "sigma", "beta", "warmUp",
    "learningRate", "batchSize", "seed", "bugs",
  ]; // prettier-ignore

  /* Writes a run as the part of an address after "#". */
  function writeAddress({ data, first, changed, step }) {
    const parts = [["data", data], ...NAMES.map((name) => [name, first[name]])];
    if (step) parts.push(["steps", step]);
    if (changed.length) parts.push(["then", writeChanges(changed)]);
    return parts.map(([name, value]) => `${name}=${value}`).join("&");
  }

  /* Writes changes as step:name:value, with spaces as "+" between the values of a list. */
  function writeChanges(changed) {
    return changed
      .flatMap(({ step, changes }) =>
        Object.entries(changes).map(
          ([name, value]) => `${step}:${name}:${[value].flat().join("+")}`,
        ),
      )
      .join(",");
  }

  /* Reads an address: { data, settings, plan, steps, problems }, or null if it says
     nothing of a run. What makes no sense is left out, and named in `problems`. */
  function readAddress(hash, names) {
    const given = new Map(
      hash
        .replace(/^#/, "")
        .split("&")
        .map((part) => part.split(/=(.*)/s).slice(0, 2))
        .filter(([name, value]) => value !== undefined)
        .map(([name, value]) => [name, decode(value)]),
    );
    if (!["data", ...NAMES].some((name) => given.has(name))) return null;
    const read = { data: names[0], settings: {}, plan: [], steps: 0, problems: [] };
    if (given.has("data")) readData(read, given.get("data"), names);
    for (const name of NAMES)
      if (given.has(name)) readSetting(read, name, given.get(name));
    if (given.has("steps")) readSteps(read, given.get("steps"));
    if (given.has("then")) readChanges(read, given.get("then"));
    return read;
  }

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  function readData(read, name, names) {
    if (names.includes(name)) read.data = name;
    else read.problems.push(`The data must be one of ${names.join(", ")}.`);
  }

  /* Reads a setting, if it makes sense by itself. */
  function readSetting(read, name, text) {
    const value = (READERS[name] ?? readNumber)(text);
    try {
      P.complete({ [name]: value });
      read.settings[name] = value;
    } catch (error) {
      read.problems.push(`${error.message.split(". Received")[0]}.`);
    }
  }

  function readSteps(read, text) {
    const steps = readNumber(text);
    if (Number.isInteger(steps) && steps >= 0 && steps <= MOST_STEPS)
      read.steps = steps;
    else read.problems.push(`steps must be a whole number from 0 to ${MOST_STEPS}.`);
  }

  function readChanges(read, text) {
    for (const part of readList(text)) {
      const [at, name, value = ""] = part.split(":");
      const step = readNumber(at);
      const isKnown =
        P.isLive({ [name]: value }) && Number.isInteger(step) && step >= 0;
      const probe = { settings: {}, problems: [] };
      if (isKnown) readSetting(probe, name, value.replaceAll("+", ","));
      if (Object.hasOwn(probe.settings, name))
        read.plan.push({ step, changes: probe.settings });
      else read.problems.push(`The change ${part} makes no sense, so it was left out.`);
    }
  }

  Object.assign(P, { readAddress, writeAddress });
})();
