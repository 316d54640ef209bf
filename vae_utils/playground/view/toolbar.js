/* Buttons that run the training, and the line that says how far it is. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, makeButton, write } = window.VAEBook.elements;
  const SLOW = 5; // steps in a second
  const SAID = 5000; // milliseconds from one announcement to the next, at least

  /* Makes the buttons. `actions` has play(), pause(), step(), again(), renew(). */
  function makeToolbar(actions) {
    let isPlaying = false;
    const play = makeButton(
      "Play",
      () => (isPlaying ? actions.pause() : actions.play()),
      {
        class: "vp-play",
      },
    );
    const slower = make("input", { type: "checkbox", change: () => actions.repace() });
    const place = make("span", { class: "vp-place" });
    const said = make("p", { class: "vw-said", role: "status" });
    const node = make(
      "div",
      { class: "vp-toolbar vw-buttons" },
      play,
      makeButton("One step", actions.step),
      makeButton("Start again", actions.again, { title: "The same seed" }),
      makeButton("Another seed", actions.renew),
      make("label", { class: "vp-slower" }, slower, "slower"),
      place,
      said,
    );
    const announce = makeAnnouncer(said);
    const show = (run) => {
      isPlaying = run.isPlaying;
      play.textContent = isPlaying ? "Pause" : "Play";
      place.textContent = describePlace(run);
      announce(run);
    };
    return { node, show, pace: () => (slower.checked ? SLOW : null) };
  }

  /* Says to a screen reader where the run is: at ends of epochs, but not too often, and
     when it pauses. */
  function makeAnnouncer(said) {
    let [last, wasPlaying] = [-Infinity, false];
    return (run) => {
      if (!run.snapshot) return;
      const now = performance.now();
      const isPlaying = run.isPlaying || run.snapshot.isPlaying; // a last one may come
      const hasPaused = wasPlaying && !isPlaying;
      wasPlaying = isPlaying;
      if (!(hasPaused || (run.isNew && now > last + SAID))) return;
      last = now;
      said.textContent = describeRun(run);
    };
  }

  function describePlace({ snapshot, data, settings }) {
    if (!snapshot) return data ? "Starting …" : "Loading …";
    const { epoch, step, beta, imagesPerSecond, sigma } = snapshot;
    const parts = [`epoch ${write(epoch, epoch % 1 ? 1 : 0)}`, `step ${step}`];
    if (imagesPerSecond)
      parts.push(`${Math.round(imagesPerSecond).toLocaleString("en")} examples/s`);
    if (beta !== settings.beta) parts.push(`β is at ${write(beta, 2)}`);
    if (settings.likelihood === "learned") parts.push(`σ is at ${write(sigma, 3)}`);
    return parts.join(" · ");
  }

  /* Says the numbers of the last epoch. */
  function describeRun({ records, settings, isPlaying }) {
    const last = records.at(-1);
    if (!last) return "";
    const { nll, kl, active } = last.heldOut;
    const isVae = settings.mode === "vae";
    const terms = isVae
      ? `−ELBO ${write(nll + kl, 1)} nats on held-out data: nll ${write(nll, 1)}, ` +
        `kl ${write(kl, 1)}`
      : `nll ${write(nll, 1)} nats on held-out data`;
    const dimensions = isVae ? `; active dimensions: ${active}` : "";
    return `${isPlaying ? "" : "Paused. "}Epoch ${last.epoch}: ${terms}${dimensions}.`;
  }

  Object.assign(P, { describePlace, describeRun, makeAnnouncer, makeToolbar });
})();
