/* What lets an experiment use the playground: it runs settings where all can see them. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;

  /* Makes the host of experiments for a page (playground.js). */
  function makeHost(page) {
    let before = null; // data and settings of the reader's own run
    let current = null; // { until, told, shown, resolve, reject, seen }

    function stop(error = makeStopped()) {
      if (!current) return;
      const { reject } = current;
      end();
      page.run.pause();
      reject(error);
    }

    /* Ends a run. A secret is kept until the reader has answered. */
    function end() {
      current = null;
      page.controls.show(page.run);
    }

    /* Goes back to the settings that the reader had before experiments. */
    function leave() {
      if (!before) return;
      const { data, settings } = before;
      before = null;
      page.useData(data, settings);
    }

    /* Does not go back: the reader has chosen other settings since. */
    function forget() {
      before = null;
    }

    /* Shows what a riddle has hidden. */
    function reveal() {
      if (!page.secret) return;
      setSecret(page, false);
      page.showSettings();
    }

    /* Runs settings for so many epochs; resolves with what came of it. */
    async function run({ data, settings, epochs, secret = false, told, shown }) {
      stop();
      before ??= { data: page.run.data.name, settings: page.run.settings };
      setSecret(page, secret);
      if (!(await page.useData(data, settings))) {
        setSecret(page, false);
        const wasStopped = page.wanted !== data; // others were chosen meanwhile
        throw wasStopped ? makeStopped() : new Error(page.said.textContent);
      }
      const until = epochs * page.run.stepsPerEpoch();
      return new Promise((resolve, reject) => {
        current = { until, told, shown, resolve, reject, seen: 0 };
        page.run.play({ until });
      });
    }

    /* Hears what is new in the page's run. */
    function hear(run) {
      if (!current) return;
      if (run.problem) return stop(new Error(run.problem));
      if (!run.snapshot) return;
      if (run.snapshot.codes) current.shown?.(run);
      for (const record of run.records.slice(current.seen)) current.told?.(record);
      current.seen = run.records.length;
      const { snapshot } = run;
      const isOver = snapshot.failure || snapshot.step >= current.until;
      if (!isOver || snapshot.isPlaying) return;
      const { resolve } = current;
      const { data, settings, records, model } = run;
      const last = { weights: model.weights.slice(), codes: snapshot.codes };
      end();
      resolve({
        data, settings, epochs: records, failure: snapshot.failure,
        last: { ...last, sigma: snapshot.sigma },
      }); // prettier-ignore
    }

    const { linkTo } = page;
    page.host = { forget, hear, leave, linkTo, reveal, run, stop: () => stop() };
    return page.host;
  }

  function makeStopped() {
    const error = new Error("The experiment was stopped.");
    error.name = "Stopped";
    return error;
  }

  /* Hides what a quiz must not give away: the bugs' switches, what the page finds in the
     run, and the address. */
  function setSecret(page, secret) {
    page.secret = secret;
    page.root.classList.toggle("vp-secret", secret);
  }

  P.makeHost = makeHost;
})();
