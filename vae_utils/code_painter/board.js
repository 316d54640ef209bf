/* The codes on the grid, which of them were drawn at random, and steps to undo. */
(function () {
  "use strict";

  const { EMPTY } = window.VAEBook.painter;
  const MOST = 100; // steps that can be undone

  /* Makes the board. `begin` starts a step: all changes up to the next call are undone
     together. */
  function makeBoard() {
    let [start, codes, drawn] = [null, null, null];
    let past = [];
    let isNew = false;

    function load(grid) {
      [start, codes, drawn] = [grid, Int32Array.from(grid), new Set()];
      past = [];
    }

    /* Puts a code on a cell; returns whether anything changed. */
    function set(place, code, isDrawn = false) {
      if (codes[place] === code && drawn.has(place) === isDrawn) return false;
      if (isNew) past.push([codes.slice(), new Set(drawn)]);
      if (past.length > MOST) past.shift();
      isNew = false;
      codes[place] = code;
      if (isDrawn) drawn.add(place);
      else drawn.delete(place);
      return true;
    }

    /* Empties a cell and all after it, in reading order. */
    function erase(from) {
      for (let place = from; place < codes.length; place++) set(place, EMPTY);
      drawn.clear(); // what is drawn next can be drawn again, and no more
    }

    /* Empties the cells that were drawn last. */
    function eraseDrawn() {
      for (const place of [...drawn]) set(place, EMPTY);
    }

    function undo() {
      if (past.length) [codes, drawn] = past.pop();
    }

    function reset() {
      start.forEach((code, place) => set(place, code));
    }

    return {
      begin: () => (isNew = true),
      erase, eraseDrawn, load, reset, set, undo,
      get canUndo() { return past.length > 0; },
      get codes() { return codes; },
      get drawn() { return drawn; },
      get isChanged() { return start.some((code, place) => code !== codes[place]); },
    }; // prettier-ignore
  }

  Object.assign(window.VAEBook.painter, { makeBoard });
})();
