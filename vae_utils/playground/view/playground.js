/* The playground: a form, a run, and figures of what it learns. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, once } = window.VAEBook.elements;
  const KEPT = ["mode", "latentDim", "beta", "warmUp", "bugs", "seed"];
  const FIRST = "digits";

  /* Fills an element with a playground; resolves when the first run can be seen. */
  async function startPlayground(root) {
    const page = {
      root,
      said: make("p", { class: "vp-wish", role: "status" }),
      about: make("p", { class: "vw-small" }), // the data, and where they come from
      linkTo: makeLinker(),
      secret: false, // whether a quiz hides the settings
    };
    page.panels = P.makePanels();
    page.curves = P.makeCurves();
    page.bars = P.makeBars();
    page.numbers = P.makeNumbers();
    page.notices = P.makeNotices(page.linkTo, () => page.run.restore());
    page.toolbar = P.makeToolbar(listActions(page));
    page.controls = P.makeControls(root.id, {
      listed: P.listData(),
      wanted: (changes) => byHand(page, () => set(page, changes)),
      wantedData: (name) =>
        byHand(page, () => {
          page.host.forget();
          useData(page, name, keep(page.run));
        }),
    });
    page.guide = P.makeGuide(P.makeHost(page));
    page.run = P.makeRun(once(requestAnimationFrame, () => show(page)));
    page.showSettings = () => showSettings(page);
    page.useData = (name, settings) => useData(page, name, settings);
    root.replaceChildren(...P.arrange(page));
    addEventListener("hashchange", () => followAddress(page));
    if (!(await followAddress(page))) await useFirst(page);
  }

  /* Starts with the first data, or with the ring, which is always there. */
  async function useFirst(page) {
    for (const name of [page.root.dataset.data ?? FIRST, "ring"]) {
      const problem = page.said.textContent;
      if (!(await useData(page, name))) continue;
      page.said.textContent ||= problem;
      return;
    }
  }

  /* Does what a hand wants; an experiment that is on is over. */
  function byHand(page, act) {
    page.host?.stop();
    act();
  }

  function listActions(page) {
    const run = (act) => () => byHand(page, act);
    return {
      play: () => page.run.play({ pace: page.toolbar.pace() }),
      pause: run(() => page.run.pause()),
      step: run(() => page.run.step()),
      again: run(() => begin(page, page.run.data, page.run.settings)),
      renew: run(() => set(page, { seed: page.run.settings.seed + 1 })),
      repace: () => page.run.isPlaying && repace(page),
    };
  }

  /* Plays on at another pace, up to the same step. */
  function repace({ run, toolbar }) {
    run.play({ pace: toolbar.pace(), until: run.until });
  }

  /* Starts a run with data and settings, or says what is wrong with them. */
  function begin(page, data, settings, plan = []) {
    try {
      page.run.start(data, settings, plan);
    } catch (error) {
      page.said.textContent = error.message;
      return false;
    }
    page.first = page.run.settings;
    page.said.textContent = "";
    showSettings(page);
    return true;
  }

  function showSettings(page) {
    page.settings = page.run.settings;
    page.about.textContent = page.run.data.about;
    page.controls.show(page.run);
    writeAddress(page);
  }

  /* Changes settings: at once, where a run can; else it starts anew, and goes on. */
  function set(page, changes) {
    const { run } = page;
    page.host.forget();
    if (P.isLive(changes)) {
      run.change(changes);
      return showSettings(page);
    }
    const wasPlaying = run.isPlaying;
    const settings = { ...run.settings, ...changes };
    if ("likelihood" in changes) settings.binarise = null; // as the likelihood has it
    if (begin(page, run.data, settings) && wasPlaying)
      run.play({ pace: page.toolbar.pace() });
  }

  /* What stays as it is when other data are chosen; the rest depends on the data. */
  function keep({ settings }) {
    return settings
      ? Object.fromEntries(KEPT.map((name) => [name, settings[name]]))
      : {};
  }

  /* Loads data, and starts a run on them with their own settings, and those given. */
  async function useData(page, name, settings = {}, plan = []) {
    page.wanted = name;
    try {
      await P.loadData(name);
    } catch (error) {
      page.said.textContent = error.message;
      if (page.run.data) page.controls.show(page.run);
      return false;
    }
    if (page.wanted !== name) return false; // others were chosen meanwhile
    const data = P.getData(name);
    return begin(page, data, { ...data.settings, ...settings }, plan);
  }

  /* Shows a run that the address describes; false if it describes none. */
  async function followAddress(page) {
    if (location.hash === page.written) return true;
    const names = P.listData().map(({ name }) => name);
    const read = P.readAddress(location.hash, names);
    if (!read) return false;
    page.host?.stop();
    if (!(await useData(page, read.data, read.settings, read.plan))) return false;
    page.said.textContent = describeLink(read);
    if (read.steps) page.run.play({ until: read.steps });
    return true;
  }

  function describeLink({ problems, steps }) {
    if (problems.length)
      return `This link has parts that make no sense, which were left out. ${problems.join(" ")}`;
    return steps ? `This link shows a run of ${steps} steps, then it pauses.` : "";
  }

  /* Writes the settings into the page's address, so that it can be shared. A link to a
     heading stays until something is changed. */
  function writeAddress(page) {
    if (page.secret || !P.isInBook()) return;
    const isNew = page.written === undefined;
    page.written = null;
    if (isNew && location.hash && !P.readAddress(location.hash, [""])) return;
    page.written = `#${P.writeAddress(describeRun(page, false))}`;
    try {
      history.replaceState(null, "", page.written);
    } catch {
      page.written = null; // some pages from disk may not
    }
  }

  /* Describes a run for a link: with its steps, or, where it has none yet, as it is. */
  function describeRun({ run, first }, withSteps) {
    const { step = 0, changed = [] } = run.snapshot ?? {};
    const data = run.data.name;
    if (!withSteps || step === 0)
      return { data, first: run.settings, changed: [], step: 0 };
    const early = changed.filter((each) => each.step === 0);
    const later = changed.filter((each) => each.step > 0);
    const begun = Object.assign({}, first, ...early.map(({ changes }) => changes));
    return { data, first: begun, changed: later, step };
  }

  function show(page) {
    const { run } = page;
    page.toolbar.show(run);
    if (run.problem) page.said.textContent = run.problem;
    page.host?.hear(run);
    if (!run.snapshot) return;
    if (page.settings !== run.settings) showSettings(page); // a link's change has come
    page.panels.show(run);
    page.notices.show(run);
    if (!run.isNew && page.drawn === run.records.length) return;
    page.drawn = run.records.length;
    for (const part of [page.curves, page.bars, page.numbers]) part.show(run);
  }

  P.describeLinkOf = (page) => P.writeAddress(describeRun(page, true));

  /* Makes links to other pages of the book; elsewhere they have no address. */
  function makeLinker() {
    const root = document.documentElement.dataset.content_root;
    return (page, text) =>
      root === undefined
        ? make("span", {}, text)
        : make("a", { href: `${root}${page}.html` }, text);
  }

  P.isInBook = () => document.documentElement.dataset.content_root !== undefined;
  P.startPlayground = startPlayground;
})();
