/* Mouse, pen and finger on the latent plane. A finger moves the handle only if it
   starts near it, and a tap brings the handle to another place; anything else a finger
   does is the page's, which can be scrolled past the plane. */
(function () {
  "use strict";

  /* Calls drag(x, y) and hover(x, y), in pixels of the plane, and leave(). */
  window.VAEBook.followGrip = function (plane, { near, drag, hover, leave }) {
    let held = null; // number of the pointer that drags
    let tapped = false; // a finger that is not near the handle may be a tap

    /* Calls with the pointer's place inside the plane's border. */
    function call(action, event) {
      const box = plane.getBoundingClientRect();
      const x = event.clientX - box.left - plane.clientLeft;
      const y = event.clientY - box.top - plane.clientTop;
      return action(x, y);
    }

    function start(event) {
      if (event.button || !event.isPrimary) return; // no second finger
      tapped = event.pointerType === "touch" && !call(near, event);
      if (tapped) return;
      held = event.pointerId;
      plane.setPointerCapture(held);
      leave();
      call(drag, event);
    }

    function move(event) {
      if (held === null && event.pointerType !== "touch" && !event.buttons) {
        return call(hover, event);
      }
      if (event.pointerId !== held) return;
      if (!event.buttons) return end(event); // it was lifted outside the window
      call(drag, event);
    }

    function end(event) {
      if (event.pointerId === held) held = null;
    }

    plane.addEventListener("pointerdown", start);
    plane.addEventListener("pointermove", move);
    plane.addEventListener("pointerleave", leave);
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      plane.addEventListener(name, end);
    }
    plane.addEventListener("pointercancel", () => (tapped = false)); // it scrolls
    plane.addEventListener("click", (event) => {
      if (tapped) call(drag, event);
      tapped = false;
    });
  };
})();
