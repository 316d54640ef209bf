/* Starts the engine: in a worker that is made of the engine's own source, so that it
   also starts in a page from disk; or else in the page, in short slices between frames.

   `VAEBook.playgroundEngine` is the function that all parts of the engine make up. */
(function () {
  "use strict";

  const PATIENCE = 10000; // milliseconds for a worker to answer
  const SLICE = 8; // milliseconds of training between frames, in the page

  /* Starts the engine. `listen` gets its messages (service.js), the first of which is
     { type: "started", place, reason }: place is "worker" or "page", and reason says why
     it is the page. Returns functions to post a message and to stop. */
  function startRunner(listen) {
    const waiting = []; // messages from before the start
    let deliver = (message) => waiting.push(message);
    let stop = () => {};

    function start(place, reason, post, end) {
      [deliver, stop] = [post, end];
      listen({ type: "started", place, reason });
      waiting.splice(0).forEach(deliver);
    }

    /* Tells the listener, then the engine that the snapshot was seen. */
    function hear(message) {
      listen(message);
      if (message.type === "snapshot") deliver({ type: "seen" });
    }

    startWorker(hear, start, (reason) => startInPage(hear, start, reason));
    const watch = () => deliver({ type: document.hidden ? "sleep" : "wake" });
    if (document.hidden) watch();
    document.addEventListener("visibilitychange", watch);
    return {
      post: (message) => deliver(message),
      stop() {
        document.removeEventListener("visibilitychange", watch);
        stop();
        deliver = () => {};
      },
    };
  }

  function startWorker(hear, start, refuse) {
    let worker, timer;
    let isOver = false; // whether it has answered, or was given up

    function giveUp(reason) {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      worker?.terminate();
      refuse(reason);
    }

    function begin() {
      isOver = true;
      clearTimeout(timer);
      const post = (message) => worker.postMessage(message);
      start("worker", null, post, () => worker.terminate());
    }

    try {
      const source =
        `(${window.VAEBook.playgroundEngine})(self);` +
        "self.VAEBook.playground.serveWorker(self);";
      const file = new Blob([source], { type: "text/javascript" });
      const address = URL.createObjectURL(file);
      worker = new Worker(address);
      URL.revokeObjectURL(address);
    } catch (error) {
      setTimeout(() => giveUp(error.message)); // after startRunner has returned
      return;
    }
    timer = setTimeout(() => giveUp("it does not answer"), PATIENCE);
    worker.onerror = (event) => {
      event.preventDefault();
      const message = event.message || "the browser refuses it";
      if (isOver) hear({ type: "refused", message });
      else giveUp(message);
    };
    worker.onmessage = ({ data }) => (data.type === "ready" ? begin() : hear(data));
  }

  /* Trains in the page: a slice, then a frame. */
  function startInPage(hear, start, reason) {
    let isOn = true;
    const turn = (call) => setTimeout(() => isOn && call());
    function later(call, delay) {
      if (delay > 0) setTimeout(() => turn(call), delay);
      else requestAnimationFrame(() => turn(call));
    }
    const send = (message) => setTimeout(() => isOn && hear(message));
    const receive = window.VAEBook.playground.serve(send, { slice: SLICE, later });
    start("page", reason, receive, () => (isOn = false));
  }

  window.VAEBook.playground.startRunner = startRunner;
})();
