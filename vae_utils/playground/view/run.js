/* A run as the page sees it: its settings, what the engine has told about it, and a model
   with the latest weights to draw pictures with. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const SHOWN = 1000; // codes in the map, at most
  const INTERVAL = 100; // milliseconds from one picture to the next, at least
  const STILL_INTERVAL = 1000; // the same for readers who want little motion

  /* Starts an engine; `told` is called with the run whenever something is new. */
  function makeRun(told) {
    const { still } = window.VAEBook.elements;
    let number = 0; // of the run: snapshots of earlier ones may be on their way
    const run = {
      data: null,
      settings: null,
      plan: [], // changes to come
      until: null, // the step before which it pauses
      records: [], // of the epochs (trainer.js)
      snapshot: null, // the latest (service.js)
      frame: null, // of the map (frame.js)
      model: null, // with its weights
      isPlaying: false, // whether it is to train
      isNew: false, // whether records have come with the latest snapshot
      reason: null, // why the engine shares the page's thread
      problem: null, // what the engine refused
    };
    const runner = P.startRunner(hear);

    function hear(message) {
      if (message.type === "started") run.reason = message.reason;
      if (message.type === "refused") refuse(message.message);
      if (message.type === "snapshot") {
        if (message.run !== number) return;
        take(message);
      }
      told(run);
    }

    /* Notes what was refused: there is nothing to play, not even an earlier run. */
    function refuse(problem) {
      run.problem = problem;
      run.pause();
    }

    function take(snapshot) {
      run.model.weights.set(snapshot.weights);
      // Going back to earlier weights drops what came after them.
      run.records = run.records.filter((each) => each.step <= snapshot.step);
      run.records.push(...snapshot.epochs);
      run.isNew = snapshot.epochs.length > 0;
      run.snapshot = snapshot;
      if (snapshot.codes) run.frame = P.findFrame(run, run.frame);
      // The engine may not yet know that it is to play: it ends by itself in two cases.
      const isAtEnd = run.until !== null && snapshot.step >= run.until;
      if (!snapshot.isPlaying && (snapshot.failure || isAtEnd)) run.isPlaying = false;
      // What was planned holds once the engine has passed its step.
      while (run.plan[0]?.step < snapshot.step)
        run.settings = P.change(run.settings, run.plan.shift().changes);
    }

    /* Starts anew; `plan` lists changes to come, as trainer.js has them. Throws an error
       with the name of the setting where one makes no sense. */
    run.start = (data, settings, plan = []) => {
      const complete = P.complete(settings);
      const sorted = [...plan].sort((a, b) => a.step - b.step);
      Object.assign(run, { data, settings: complete, plan: sorted, records: [] });
      Object.assign(run, {
        snapshot: null,
        frame: null,
        isPlaying: false,
        problem: null,
      });
      run.model = P.makeModel(complete);
      const { training, heldOut } = data;
      const parts = {
        training: { values: training.values, count: training.count },
        heldOut: { values: heldOut.values, count: heldOut.count },
      };
      const interval = still() ? STILL_INTERVAL : INTERVAL;
      const wishes = { codes: SHOWN, interval, run: ++number };
      runner.post({
        type: "configure", settings: complete, data: parts, plan, ...wishes,
      }); // prettier-ignore
    };
    run.play = ({ pace = null, until = null } = {}) => {
      if (run.problem || run.snapshot?.failure) return;
      Object.assign(run, { isPlaying: true, until });
      runner.post({ type: "play", pace, until });
    };
    run.pause = () => {
      run.isPlaying = false;
      runner.post({ type: "pause" });
    };
    run.step = () => runner.post({ type: "step" });
    run.change = (changes) => {
      run.settings = P.change(run.settings, changes);
      runner.post({ type: "change", changes });
    };
    run.again = () => run.start(run.data, run.settings);
    run.restore = () => runner.post({ type: "restore" });
    run.stop = () => runner.stop();
    run.stepsPerEpoch = () =>
      Math.floor(run.data.training.count / run.settings.batchSize);
    return run;
  }

  P.makeRun = makeRun;
})();
