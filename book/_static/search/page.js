/* Shows what a search found, on the page of the theme: section, chapter, and the place
   in the text. Sphinx would fetch every page for that, which does not work from disk. */
(function () {
  "use strict";

  const { positions, prepare, rank, split } = window.VAEBook.search;
  const MOST = 30; // hits shown
  const BEFORE = 60; // letters shown before the first match,
  const ALL = 220; // and in all

  // Makes an element with text or children inside.
  function make(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  // Finds the stretches of a text that match, longer ones first where several begin.
  function findMatches(text, phrases) {
    const found = split(text);
    const all = found.map((word) => word[0]);
    return phrases
      .flatMap((phrase) =>
        positions(all, phrase).map((i) => [found[i][1], found[i + phrase.length - 1][2]]),
      )
      .sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  }

  // Cuts the part of a text around its longest match, at blanks.
  function cut(text, matches) {
    const longest = (a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a);
    const [first] = matches.reduce(longest, matches[0] ?? [0, 0]);
    const wanted = Math.max(0, first - BEFORE);
    const begin = wanted && text.indexOf(" ", wanted) + 1;
    const end = begin + ALL < text.length ? text.lastIndexOf(" ", begin + ALL) : text.length;
    return [begin, Math.max(end, first)];
  }

  // Makes the paragraph under a hit, with matches marked.
  function makeContext(text, phrases) {
    const matches = findMatches(text, phrases);
    const [begin, end] = cut(text, matches);
    const context = make("p", "context", begin ? "… " : "");
    let done = begin;
    for (const [from, to] of matches) {
      if (from < done || to > end) continue;
      context.append(text.slice(done, from), make("mark", "", text.slice(from, to)));
      done = to;
    }
    context.append(text.slice(done, end), end < text.length ? " …" : "");
    return context;
  }

  // Makes the entry of a hit.
  function makeHit(hit, index) {
    const { FILE_SUFFIX } = DOCUMENTATION_OPTIONS;
    const link = make("a", "", hit.title);
    const anchor = hit.anchor && `#${encodeURIComponent(hit.anchor)}`;
    link.href = index.docnames[hit.page] + FILE_SUFFIX + anchor;
    const entry = make("li", "", link);
    if (hit.anchor) entry.append(make("div", "place", index.titles[hit.page]));
    if (hit.text) entry.append(makeContext(hit.text, hit.phrases));
    return entry;
  }

  // Says how much was found.
  function describe(count, query) {
    if (!count) return `Nothing in the book matches “${query}”. Try fewer or other words.`;
    if (count > MOST) return `The ${MOST} best of ${count} matches for “${query}”`;
    return `${count} ${count === 1 ? "match" : "matches"} for “${query}”`;
  }

  let prepared = null;

  // Searches, in place of Sphinx's function.
  Search.query = function (query) {
    prepared = prepared || prepare(Search._index);
    const hits = rank(query, prepared);
    Search.stopPulse();
    Search.title.textContent = "Search results";
    Search.status.setAttribute("role", "status");
    Search.status.textContent = describe(hits.length, query);
    const shown = hits.slice(0, MOST).map((hit) => makeHit(hit, Search._index));
    Search.output.replaceChildren(...shown);
  };
})();
