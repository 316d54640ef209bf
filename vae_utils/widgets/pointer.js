/* One pointer at a time, from its first touch until it is lifted or lost. */
(function () {
  "use strict";

  /* Calls moved([x, y]), shares of the canvas from its top left corner, and ended(). */
  window.VAEBook ??= {};
  window.VAEBook.followPointer = function (canvas, moved, ended) {
    let followed = null; // the pointer's number

    function end(event) {
      if (event.pointerId !== followed) return;
      followed = null;
      ended();
    }

    function move(event) {
      if (event.pointerId !== followed) return;
      if (!event.buttons) return end(event); // it was lifted outside the window
      const box = canvas.getBoundingClientRect();
      moved([
        (event.clientX - box.left) / box.width,
        (event.clientY - box.top) / box.height,
      ]);
    }

    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return; // no second finger
      followed = event.pointerId;
      canvas.setPointerCapture(followed);
      move(event);
    });
    canvas.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(name, end);
    }
  };
})();
