/* What happens when a reader paints, empties cells, or lets a prior fill them. */
(function () {
  "use strict";

  const { afterQuiet, once } = window.VAEBook.elements;
  const P = window.VAEBook.painter;
  const QUIET = 60; // milliseconds without change before costs are computed

  /* Puts the painter into an element, in place of its fallback. */
  function start(id, packed, weights) {
    const { grid, codes: count, starts } = packed;
    const [rows, columns] = grid;
    const { decode, predict } = P.makeNetworks(packed, weights);
    const board = P.makeBoard();
    const filling = P.makeFilling(board, count, predict, (costs, place) => {
      state.nats = P.listNats(board.codes, costs).slice(0, place + 1);
      redraw();
    });
    const middle = Math.floor(rows / 2) * columns + Math.floor(columns / 2);
    const state = {
      brush: packed.brush, place: middle, isShaded: false,
      nats: [], text: "", seed: 0, isLearned: true, isReady: false,
    }; // prettier-ignore
    const redraw = once(requestAnimationFrame, show);
    const announce = afterQuiet(() => sheet.say());
    const recount = afterQuiet(() => {
      if (filling.isRunning) return; // which computes them as it goes
      state.nats = P.listNats(board.codes, predict(board.codes));
      redraw();
    }, QUIET);

    function show() {
      const { codes, drawn, canUndo, isChanged } = board;
      const status = { canUndo, isChanged, isDrawn: drawn.size > 0 };
      const { isRunning } = filling;
      sheet.show({ ...state, ...status, isRunning, codes, means: decode(codes) });
    }

    /* Shows codes that have changed, and a message. */
    function change(text = "") {
      state.text = text;
      recount();
      redraw();
      if (state.isReady) announce();
    }

    /* Starts a step of the reader's, which ends any filling. */
    function begin() {
      filling.stop();
      board.begin();
    }

    /* Makes a function that changes the board in one step, and shows it. */
    const makeStep = (edit) => () => {
      begin();
      edit();
      change();
    };

    function act(place) {
      if (state.brush === P.EMPTY) board.erase(place);
      else board.set(place, state.brush);
      change();
    }

    function erase(place) {
      board.erase(place);
      change();
    }

    function pick(brush) {
      state.brush = brush;
      sheet.check(brush);
    }

    function visit(place) {
      state.place = place;
      sheet.showCell(place, board.codes, state.nats);
    }

    function load(index) {
      filling.stop();
      board.load(starts[index][1]);
      [state.seed, state.nats] = [0, []];
      change();
    }

    function shade(isShaded) {
      state.isShaded = isShaded;
      redraw();
    }

    /* Fills the empty cells, with other codes each time. */
    async function fill(isLearned) {
      const done = filling.start(isLearned, ++state.seed);
      Object.assign(state, { isLearned, text: "Drawing …" });
      show();
      const drawn = await done;
      if (drawn !== null) change(describeFilling(drawn, isLearned));
    }

    const sheet = P.makeSheet(id, packed, P.makePictures(packed), {
      begin, act, erase, visit, load, shade, pick,
      fill: (isLearned) => (begin(), fill(isLearned)),
      again: () => (begin(), board.eraseDrawn(), fill(state.isLearned)),
      stop: () => (filling.stop(), change("Stopped.")),
      half: makeStep(() => board.erase(Math.floor(rows / 2) * columns)),
      undo: makeStep(board.undo),
      reset: makeStep(board.reset),
    }); // prettier-ignore
    document.getElementById(id).replaceChildren(...sheet.nodes);
    sheet.check(state.brush);
    load(0);
    state.isReady = true;
  }

  function describeFilling(count, isLearned) {
    const codes = count === 1 ? "1 code" : `${count} codes`;
    const how = isLearned
      ? "The learned prior has drawn"
      : "The uniform prior has drawn";
    return `${how} ${codes}.`;
  }

  Object.assign(P, { start });
})();
