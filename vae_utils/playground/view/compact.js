/* A small playground for a cell's output: one run, or several next to each other, which
   play together. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, makeButton, once } = window.VAEBook.elements;
  const TITLES = {
    beta: "β",
    learningRate: "Learning rate",
    latentDim: "Latent dimensions",
  };

  /* Fills an element. `runs` are settings with a `title`; `panels` are names of figures, and
     "curves" and "numbers"; `controls` names the settings that can be changed in all runs
     but those that are `fixed`. */
  function startCompact(root, { data, runs, panels, controls }) {
    const said = make("p", { class: "vp-wish", role: "status" });
    const own = P.getData(data);
    const name = runs.length > 1 ? "vp-cells vp-several" : "vp-cells";
    const cells = runs.map((given) => makeCell(own, given, panels));
    const all = (act) => () => cells.forEach(({ run }) => act(run));
    const toggle = () => {
      const isOn = cells.some(({ run }) => run.isPlaying);
      all((run) => (isOn ? run.pause() : run.play()))();
    };
    const play = makeButton("Play", toggle, { class: "vp-play" });
    const change = (changes) => {
      try {
        for (const { run, fixed } of cells) if (!fixed) changeRun(run, changes);
        said.textContent = "";
      } catch (error) {
        said.textContent = error.message;
      }
    };
    for (const cell of cells)
      cell.shown = () => {
        play.textContent = cells.some(({ run }) => run.isPlaying) ? "Pause" : "Play";
      };
    root.replaceChildren(
      make(
        "div",
        { class: "vp-toolbar vw-buttons" },
        play,
        makeButton(
          "One step",
          all((run) => run.step()),
        ),
        makeButton(
          "Start again",
          all((run) => run.again()),
        ),
      ),
      makeSliders(
        controls,
        runs.find(({ fixed }) => !fixed),
        own,
        change,
      ),
      make("div", { class: name }, ...cells.map(({ node }) => node)),
      said,
      make("p", { class: "vw-small" }, own.about),
    );
    try {
      for (const { begin } of cells) begin();
    } catch (error) {
      root.replaceChildren(error.message); // a setting that makes no sense
    }
  }

  /* Makes one run with its figures. */
  function makeCell(data, { title, fixed, ...settings }, names) {
    const { nodes, show } = P.makePanels(names.filter((name) => name in P.FIGURES));
    const curves = names.includes("curves") ? P.makeCurves() : null;
    const numbers = names.includes("numbers") ? P.makeNumbers() : null;
    const line = make("p", { class: "vw-small vp-place" });
    const said = make("p", { class: "vw-said", role: "status" });
    const announce = P.makeAnnouncer(said);
    const cell = { fixed, node: null, run: null, shown: () => {} };
    cell.run = P.makeRun(
      once(requestAnimationFrame, () => {
        const { run } = cell;
        cell.shown();
        line.textContent = describe(run);
        announce(run);
        if (!run.snapshot) return;
        for (const part of [{ show }, curves, numbers]) part?.show(run);
      }),
    );
    cell.begin = () => cell.run.start(data, { ...data.settings, ...settings });
    cell.node = make(
      "section",
      { class: "vp-cell" },
      make("p", { class: "vp-question" }, title),
      line,
      make("div", { class: "vp-main" }, ...Object.values(nodes)),
      ...(curves ? [make("div", { class: "vp-row" }, ...curves.nodes)] : []),
      ...(numbers
        ? [make("div", { class: "vp-scroll", tabindex: 0 }, numbers.node)]
        : []),
      said,
    );
    return cell;
  }

  /* Says where a run is, or what went wrong. */
  function describe(run) {
    const failure = run.snapshot?.failure;
    return run.problem ?? (failure ? P.describeFailure(failure) : P.describePlace(run));
  }

  /* Changes a run, or starts it anew where it has to, and goes on if it was playing. */
  function changeRun(run, changes) {
    if (P.isLive(changes)) return run.change(changes);
    const wasPlaying = run.isPlaying;
    run.start(run.data, { ...run.settings, ...changes });
    if (wasPlaying) run.play();
  }

  function makeSliders(controls, first, { settings }, change) {
    const shown = { ...P.DEFAULTS, ...settings, ...first };
    const sliders = controls.map((name) => {
      const slider = P.makeStops(TITLES[name], P.STOPS[name], (value) => {
        slider.show(value);
        change({ [name]: value });
      });
      slider.show(shown[name]);
      return slider.node;
    });
    return make("div", { class: "vw-sliders" }, ...sliders);
  }

  P.startCompact = startCompact;
})();
