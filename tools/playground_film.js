/* The stage of the playground's film: it shows some parts of the page that is open, and
   trains up to steps, so that a film does not depend on how fast a machine is. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, write } = window.VAEBook.elements;
  const makeRun = P.makeRun;
  let run = null;

  P.makeRun = (told) => (run = makeRun(told));

  const twoFrames = () =>
    new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));

  /* Resolves when the page has drawn what `isThere` waits for. */
  async function wait(isThere) {
    while (!isThere()) await new Promise((go) => setTimeout(go, 5));
    await twoFrames();
  }

  const findInput = (name) =>
    [...document.querySelectorAll(".vae-playground label")]
      .find((label) => label.textContent.startsWith(name))
      .querySelector("input");

  /* Waits for the first picture of the page. */
  async function open() {
    await P.ready;
    await document.fonts.ready;
    if (!run) throw new Error("The page has started no playground.");
    await wait(() => run.snapshot);
  }

  /* Trains up to a step. The last step is done alone, after which the page says no speed:
     that would depend on the machine. */
  async function goTo(step) {
    const isAt = (place) => () =>
      run.snapshot.step === place && !run.snapshot.isPlaying && !run.isPlaying;
    if (run.snapshot.step < step - 1) {
      run.play({ until: step - 1 });
      await wait(isAt(step - 1));
    }
    if (run.snapshot.step < step) run.step();
    await wait(isAt(step));
    return describe();
  }

  /* Moves the slider of β, as a hand does. */
  async function setBeta(value) {
    const input = findInput("β");
    input.value = P.STOPS.beta.indexOf(value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await twoFrames();
  }

  /* Closes the list of experiments, so that the figures are near the top. */
  function closeGuide() {
    document.querySelector(".vp-guide-fold").open = false;
  }

  /* Says where the run is, and the numbers of its last epoch. */
  function describe() {
    const { nll, kl, active } = run.records.at(-1).heldOut;
    const { step, epoch } = run.snapshot;
    return { step, epoch, beta: run.settings.beta, nll, kl, active };
  }

  /* Takes parts of the page to the stage, on which the film is taken. */
  function setStage() {
    const curve = [...document.querySelectorAll("figure:has(.vp-curves)")].at(-1);
    curve.firstElementChild.textContent = "−ELBO = nll + kl"; // without the dashed line
    const beta = findInput("β").closest("label");
    const stage = make(
      "div",
      { id: "film", class: "vae-widget vae-playground" },
      make("p", { class: "film-title" }),
      make("p", { class: "film-story" }),
      document.querySelector(".vp-map"),
      document.querySelector(".vp-grid"),
      curve,
      make(
        "div",
        { class: "vw-sliders" },
        beta,
        make("p", {}, "Held-out images:"),
        make("dl", {}),
      ),
    );
    document.body.append(stage);
  }

  /* Writes what can be seen above it, and the numbers of the last epoch. */
  async function say(title, story) {
    const { nll, kl } = describe();
    const numbers = { nll, kl, "−ELBO": nll + kl };
    const lines = Object.entries(numbers).flatMap(([name, value]) => [
      make("dt", {}, name),
      make("dd", {}, `${write(value, 1)} nats`),
    ]);
    const curve = document.querySelector("#film .vp-curves");
    curve.style.visibility = run.records.length > 1 ? "visible" : "hidden";
    document.querySelector(".film-title").textContent = title;
    document.querySelector(".film-story").textContent = story;
    document.querySelector("#film dl").replaceChildren(...lines);
    await twoFrames();
  }

  window.film = { closeGuide, describe, goTo, open, say, setBeta, setStage };
})();
