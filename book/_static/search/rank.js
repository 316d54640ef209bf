/* Ranks sections for a query by how often its words are in their text (BM25), whether
   they are in the title, and whether the section is the book's answer to them. */
(function () {
  "use strict";

  const { positions, telling, words } = window.VAEBook.search;
  const SATURATION = 1.2; // BM25's k: how soon repeating a word adds nothing
  const LENGTH = 0.6; // BM25's b: how much less a word counts in a long section
  const TITLE = 4; // what a title counts that consists of the word alone

  // Reads the index: words of titles and texts, and how long a text is on average.
  function prepare(index) {
    const sections = index.sections.map(([page, anchor, title, text, weight, terms]) => ({
      page,
      anchor,
      title,
      text,
      weight,
      titleWords: words(title),
      textWords: words(text),
      answers: terms.split(",").map((term) => telling(term).join(" ")),
    }));
    const total = sections.reduce((sum, s) => sum + s.textWords.length, 0);
    const synonyms = index.synonyms.map((group) => group.map((phrase) => words(phrase)));
    return { sections, synonyms, average: total / sections.length || 1 };
  }

  // Cuts a query into units, each a list of phrases of which one is enough.
  function parse(query, index) {
    const left = telling(query);
    const units = [];
    while (left.length) {
      const [group, length] = longest(left, index.synonyms);
      units.push(length ? group : complete(left[0], index));
      left.splice(0, length || 1);
    }
    return units;
  }

  // Finds the group of synonyms with the longest phrase at the beginning of words.
  function longest(left, synonyms) {
    let best = [null, 0];
    for (const group of synonyms) {
      for (const phrase of group) {
        const fits = phrase.every((word, k) => left[k] === word);
        if (fits && phrase.length > best[1]) best = [group, phrase.length];
      }
    }
    return best;
  }

  // Returns a word; if no section has it, the words that begin with it.
  function complete(word, index) {
    const longer = new Set();
    for (const { titleWords, textWords } of index.sections) {
      for (const other of [...titleWords, ...textWords]) {
        if (other === word) return [[word]];
        if (word.length > 2 && other.startsWith(word)) longer.add(other);
      }
    }
    return longer.size ? [...longer].map((other) => [other]) : [[word]];
  }

  // Counts a unit in words.
  const count = (all, unit) =>
    unit.reduce((sum, phrase) => sum + positions(all, phrase).length, 0);

  // Scores a section for one unit, without the unit's rarity.
  function scoreUnit(section, unit, average) {
    const times = count(section.textWords, unit);
    const long = 1 - LENGTH + (LENGTH * section.textWords.length) / average;
    const text = (times * (SATURATION + 1)) / (times + SATURATION * long);
    const named = Math.max(
      0,
      ...unit.map((phrase) =>
        positions(section.titleWords, phrase).length
          ? phrase.length / section.titleWords.length
          : 0,
      ),
    );
    return text + (named && TITLE * (0.5 + named / 2));
  }

  // Returns how much more a section counts if it has the query as a phrase.
  function scorePhrase(section, query) {
    if (query.length < 2) return 0;
    const has = (all) => positions(all, query).length > 0;
    return 2 * has(section.titleWords) + 2 * has(section.textWords);
  }

  // Says whether a section is the answer to a query, in any of its synonyms.
  function isAnswer(section, query, units) {
    const asked = [query, ...(units.length === 1 ? units[0] : [])];
    return asked.some((phrase) => section.answers.includes(phrase.join(" ")));
  }

  // Lists the sections that a query finds, best first; ties are in the book's order.
  function rank(query, index) {
    const asked = telling(query);
    if (!asked.length) return [];
    const units = parse(query, index);
    const isName = /[._]/.test(query); // such as `latent.sample_prior`, of the package
    const scores = units.map((unit) =>
      index.sections.map((section) => scoreUnit(section, unit, index.average)),
    );
    const rarity = scores.map((all) =>
      Math.log(1 + all.length / (1 + all.filter((score) => score > 0).length)),
    );
    const hits = index.sections.map((section, i) => {
      const matched = units.filter((_, u) => scores[u][i] > 0).length;
      const sum = units.reduce((total, _, u) => total + rarity[u] * scores[u][i], 0);
      const score = (isName ? 1 : section.weight) * (sum + scorePhrase(section, asked));
      return { section, score, matched, answer: isAnswer(section, asked, units) };
    });
    const most = Math.max(...hits.map((hit) => hit.matched));
    return hits
      .filter((hit) => hit.answer || (hit.score > 0 && hit.matched === most))
      .sort((a, b) => b.answer - a.answer || b.score - a.score)
      .map((hit) => ({ ...hit.section, phrases: [asked, ...units.flat()] }));
  }

  Object.assign(window.VAEBook.search, { prepare, rank });
})();
