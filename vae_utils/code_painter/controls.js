/* The buttons and choices of the painter. */
(function () {
  "use strict";

  const { make, makeButton, makeChoice } = window.VAEBook.elements;

  /* Makes a button that keeps the focus while it is switched off. */
  function makeSwitch(text, click) {
    const isOff = () => button.getAttribute("aria-disabled") === "true";
    const button = makeButton(text, () => isOff() || click());
    return { node: button, enable: (on) => button.setAttribute("aria-disabled", !on) };
  }

  /* Makes all of them; `calls` has a function for each. */
  function makeControls(id, starts, calls) {
    const buttons = {
      finish: makeSwitch("Let the prior finish it", () => calls.fill(true)),
      uniform: makeSwitch("Uniform codes", () => calls.fill(false)),
      again: makeSwitch("Again", calls.again),
      stop: makeSwitch("Stop", calls.stop),
      half: makeSwitch("Erase the lower half", calls.half),
      undo: makeSwitch("Undo", calls.undo),
      reset: makeSwitch("Reset", calls.reset),
    };
    const names = starts.map(([name], index) => [index, name]);
    const start = makeChoice(`${id}-start`, "Start from", names, calls.load);
    start.check(0);
    const shade = make("input", {
      type: "checkbox",
      change: () => calls.shade(shade.checked),
    });
    const shading = make("label", { class: "cp-check" }, shade, " Shade cells by their nats"); // prettier-ignore
    const row = (...keys) =>
      make("div", { class: "vw-buttons" }, ...keys.map((key) => buttons[key].node));

    /* Switches the buttons that have nothing to do off. */
    function show({ isRunning, isEmpty, isDrawn, isFull, canUndo, isChanged }) {
      buttons.finish.enable(!isRunning && !isFull);
      buttons.uniform.enable(!isRunning && !isFull);
      buttons.again.enable(!isRunning && isDrawn);
      buttons.stop.enable(isRunning);
      buttons.half.enable(!isEmpty);
      buttons.undo.enable(canUndo);
      buttons.reset.enable(isChanged);
    }

    return {
      start,
      shading,
      edit: row("half", "undo", "reset"),
      draw: row("finish", "uniform", "again", "stop"),
      show,
    };
  }

  Object.assign(window.VAEBook.painter, { makeControls });
})();
