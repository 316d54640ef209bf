/* What every widget of the book is put together from. A page may load this more than
   once: each widget that is the output of a cell brings its own copy. */
(function () {
  "use strict";

  const DRAWING = "http://www.w3.org/2000/svg";
  const QUIET = 400; // milliseconds without change before something is announced

  /* Makes an element; `click`, `change` and `input` are listeners, the rest attributes. */
  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }

  /* Makes an element of a drawing, of vector graphics. */
  function draw(tag, attributes, ...children) {
    const node = document.createElementNS(DRAWING, tag);
    for (const [name, value] of Object.entries(attributes))
      node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  function makeButton(text, click, attributes) {
    return make("button", { type: "button", click, ...attributes }, text);
  }

  /* Makes radio buttons of [value, title] pairs; `check` chooses one without a call. */
  function makeChoice(name, legend, values, chosen) {
    const buttons = values.map(([value, title]) => {
      const change = () => chosen(value);
      const input = make("input", { type: "radio", name, value, change });
      return make("label", {}, input, make("span", {}, title));
    });
    const group = make(
      "fieldset",
      { class: "vw-choice" },
      make("legend", {}, legend),
      make("div", {}, ...buttons),
    );
    group.check = (value) => {
      group.querySelector(`input[value="${value}"]`).checked = true;
    };
    return group;
  }

  /* Makes a slider. A hand that moves it calls moved(number); show(number, text), maybe
     with a new range {min, max, step}, does not. */
  function makeSlider(name, moved, attributes) {
    const input = () => moved(Number(field.value));
    const field = make("input", { type: "range", input, ...attributes });
    const value = make("span", { class: "vw-value" });
    const show = (number, text, range = {}) => {
      for (const [name, limit] of Object.entries(range)) field.setAttribute(name, limit);
      field.value = number;
      field.setAttribute("aria-valuetext", text);
      value.textContent = text;
    };
    return { field, show, node: make("label", {}, make("span", {}, name), field, value) };
  }

  /* Makes a handle of a drawing: a disc with a name, and a larger one for a finger. */
  function makeHandle(name, text, place) {
    return draw(
      "g",
      { class: "vw-handle", "data-name": name },
      draw("circle", { r: 20, class: "vw-reach" }),
      draw("circle", { r: 8 }),
      draw("text", place, text),
    );
  }

  function moveHandle(handle, x, y) {
    handle.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  }

  /* Makes a function that calls another later, once however often it was asked. */
  function once(later, call) {
    let asked = false;
    return () => {
      if (asked) return;
      asked = true;
      later(() => {
        asked = false;
        call();
      });
    };
  }

  /* Makes a function that calls another once it has not been asked for a while, and
     that can be cancelled meanwhile. */
  function afterQuiet(call, quiet = QUIET) {
    let timer = null;
    const ask = () => {
      clearTimeout(timer);
      timer = setTimeout(call, quiet);
    };
    ask.cancel = () => clearTimeout(timer);
    return ask;
  }

  /* Gives a canvas as many pixels as the screen shows of it; returns the factor. */
  function sharpen(canvas, width, height = width) {
    const factor = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
    canvas.width = Math.round(width * factor);
    canvas.height = Math.round(height * factor);
    return factor;
  }

  /* Writes a number with so many decimals, with a true minus, and none before zero. */
  function write(value, decimals = 2) {
    const power = 10 ** decimals;
    const rounded = Math.round(value * power) / power + 0;
    return rounded.toFixed(decimals).replace("-", "−");
  }

  /* Copies text; says whether the browser allowed it. `field` holds the text, and is
     left selected where it did not. */
  async function copyText(field) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      field.hidden = false;
      field.focus();
      field.select();
      return document.execCommand("copy");
    }
  }

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  window.VAEBook ??= {};
  window.VAEBook.elements = {
    afterQuiet, copyText, draw, make, makeButton, makeChoice, makeHandle, makeSlider,
    moveHandle, once, sharpen, still, write,
  }; // prettier-ignore
})();
