/* A round of an experiment in the guide: task, choices, progress and conclusion. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { make, makeButton, makeChoice } = window.VAEBook.elements;
  const { sayNats } = book.measures;
  const SAID_EVERY = 5000; // milliseconds, at least, between two reports of progress
  const SHARED = [
    ["latentDim", "latent dimensions"],
    ["batchSize", "batch size"],
    ["learningRate", "learning rate"],
  ];
  let panels = 0; // each has radio buttons with a name of their own

  /* Makes the table of what a riddle's training reports, and of correct scores. */
  function makeTable({ trained, heldOut }) {
    const head = (text, scope) => make("th", { scope }, text);
    const row = (name, values) =>
      make(
        "tr",
        {},
        head(name, "row"),
        ...values.map((value) => make("td", {}, value === null ? "" : sayNats(value))),
      );
    const titles = ["nats", "nll", "kl", "loss"].map((title) => head(title, "col"));
    const table = make(
      "table",
      { class: "vp-riddle" },
      make("thead", {}, make("tr", {}, ...titles)),
      make(
        "tbody",
        {},
        row("The training loop reports", [trained.nll, trained.kl, trained.loss]),
        row("Correct scoring, held-out images", [heldOut.nll, heldOut.kl, null]),
      ),
    );
    return make("div", { class: "vp-scroll", tabindex: 0 }, table);
  }

  /* Makes a function that says something to screen readers, now and then. */
  function makeSpeaker(said) {
    let last = -Infinity;
    return (text, isUrgent) => {
      const now = performance.now();
      if (!isUrgent && now - last < SAID_EVERY) return;
      last = now;
      said.textContent = text;
    };
  }

  /* Makes the panel of a round. `finished(isRight)` is called with its conclusion, and
     `next`, { text, go }, is the button below it. Returns { node, stop }. */
  function makePanel(round, host, said, { experiment, isLast, finished, next }) {
    const say = makeSpeaker(said);
    let chosen = null;
    let results = null;
    let isRunning = false;
    let isOpen = true;

    const choice = makeChoice(
      `vp-choice-${++panels}`,
      round.runFirst ? "Which is it?" : "What do you expect?",
      round.choices.map((text, i) => [i, text]),
      (index) => {
        chosen = index;
        show();
      },
    );
    const start = makeButton(round.runFirst ? "Run" : "Predict and run", run);
    const answer = makeButton("Answer", conclude);
    const stopper = makeButton("Stop", () => host.stop());
    const progress = make("p", { class: "vw-small vp-progress" });
    const evidence = book.makeEvidence(round.showClosest);
    const report = make("div", {});
    const node = make(
      "div",
      { class: "vp-panel" },
      make("p", {}, round.task),
      make("p", { class: "vw-small" }, describeRuns(round.runs)),
      choice,
      make("div", { class: "vw-buttons" }, start, answer, stopper),
      progress,
      evidence.node,
      report,
    );

    /* Shows what can be done now. */
    function show() {
      const isRiddle = Boolean(round.runFirst);
      choice.disabled = isRunning || (isRiddle && !results);
      start.hidden = isRunning || Boolean(isRiddle && results);
      start.disabled = !isRiddle && chosen === null;
      answer.hidden = !isRiddle || !results;
      answer.disabled = chosen === null;
      stopper.hidden = !isRunning;
    }

    function tell(text, isUrgent = false) {
      progress.textContent = text;
      say(text, isUrgent);
    }

    /* Runs all runs, one after another; then concludes, or asks. */
    async function run() {
      isRunning = true;
      report.replaceChildren();
      evidence.clear();
      show();
      stopper.focus();
      try {
        const found = [];
        for (const [i, each] of round.runs.entries()) found.push(await runOne(each, i));
        isRunning = false;
        if (isOpen) end(found);
      } catch (error) {
        isRunning = false;
        host.reveal();
        if (isOpen) refuse(error);
      }
    }

    /* Goes on after the last run. */
    function end(found) {
      results = found;
      show();
      if (round.runFirst) ask();
      else conclude();
    }

    /* Starts a run; returns its result once it is over. */
    async function runOne({ label, data, settings, epochs, secret = false }, index) {
      const name = `Run ${index + 1} of ${round.runs.length}: ${label}`;
      tell(`${name}, starting`);
      const told = (record) => {
        if (!isOpen) return;
        const epoch = Math.min(epochs, Math.floor(record.epoch) + 1);
        tell(`${name}, epoch ${epoch} of ${epochs}`);
        if (round.runFirst && record.trained) report.replaceChildren(makeTable(record));
      };
      const figure = evidence.add(label);
      const wishes = { told, shown: figure.show };
      const found = await host.run({
        data,
        settings,
        epochs,
        label,
        secret,
        ...wishes,
      });
      const result = { label, settings, ...found };
      if (!secret) figure.finish(result);
      return result;
    }

    /* Says why there is nothing to conclude from. */
    function refuse(error) {
      results = null;
      show();
      start.focus();
      const isStopped = error.name === "Stopped" || error.message === "Stopped";
      const reason = isStopped
        ? "Stopped before the end, so there is no result."
        : `That did not work: ${error.message}`;
      tell(reason, true);
    }

    /* Asks for the answer to a riddle that has run. */
    function ask() {
      const record = book.measures.lastOf(results[0]);
      if (record.trained) report.replaceChildren(makeTable(record));
      tell("The run is over. Which is it?", true);
      choice.querySelector("input").focus();
    }

    /* Shows what the runs showed, and whether the reader expected it. */
    function conclude() {
      host.reveal();
      const { right, text } = round.conclude(results);
      const isRight = right === chosen;
      choice.disabled = answer.disabled = true;
      start.hidden = answer.hidden = true;
      progress.hidden = true;
      const parts = makeConclusion(round, { right, chosen, text });
      finished(isRight);
      if (isLast) parts.push(...makeLesson(experiment, host));
      const conclusion = make(
        "div",
        { class: "vp-conclusion", tabindex: "-1" },
        ...parts,
      );
      const buttons = next
        ? [make("div", { class: "vw-buttons" }, makeButton(next.text, next.go))]
        : [];
      report.append(conclusion, ...buttons);
      say(isRight ? "Right." : "Not what you chose.", true);
      conclusion.focus();
    }

    /* Ends what runs, as another panel is to open. */
    function stop() {
      isOpen = false;
      if (isRunning) host.stop();
      host.reveal();
    }

    show();
    return { node, stop };
  }

  /* Says what the runs have in common. */
  function describeRuns(runs) {
    const complete = runs.map(({ data, settings }) =>
      book.complete({ ...book.getData(data).settings, ...settings }),
    );
    const [{ data, epochs }] = runs;
    const shared = SHARED.filter(([name]) =>
      complete.every((each) => each[name] === complete[0][name]),
    );
    const parts = shared.map(([name, title]) => `${title} ${complete[0][name]}`);
    const times = runs.length === 1 ? "One run" : `${runs.length} runs`;
    return `${times} of ${epochs} epochs on the ${data}; ${parts.join(", ")}.`;
  }

  /* Makes the paragraphs that compare choice and result. */
  function makeConclusion({ choices, runFirst }, { right, chosen, text }) {
    const did = runFirst ? "You chose" : "You expected";
    const was = runFirst ? "It was" : "The runs showed";
    const verdict =
      right === chosen
        ? `✓ Right: ${choices[right]}.`
        : `✗ ${did}: ${choices[chosen]}. ${was}: ${choices[right]}.`;
    return [make("p", { class: "vp-verdict" }, verdict), make("p", {}, text)];
  }

  /* Makes the lesson of an experiment, and the link to its chapter. */
  function makeLesson({ lesson, chapter, link, score }, host) {
    const found = score ? [make("p", { class: "vp-score" }, score())] : [];
    return [
      ...found,
      make("p", {}, lesson),
      make("p", { class: "vw-small" }, host.linkTo(chapter, link)),
    ];
  }

  book.makePanel = makePanel;
})();
