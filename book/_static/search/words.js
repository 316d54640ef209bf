/* Words of a text as search compares them: small letters, one spelling, one form. */
(function () {
  "use strict";

  const book = (window.VAEBook = window.VAEBook || {});
  const stemmer = new Stemmer(); // of Sphinx, as its list of stop words
  const known = new Map();
  const ASKING = "what how why where which when do does did can i me my we you".split(" ");

  // Makes one spelling of British and American ones; others change alike, so that
  // "noise" becomes "noize" in the text and in the query.
  function respell(word) {
    return word
      .replace(/parametri/, "parameteri")
      .replace(/([iy])s(e|ed|es|er|ers|ing|ation|ations)$/, "$1z$2")
      .replace(/our(s|ed|ing|able|al)?$/, "or$1")
      .replace(/^gre(y|ys)$/, "gra$1")
      .replace(/tre(s|d)?$/, (_, end = "") => `ter${end === "d" ? "ed" : end}`)
      .replace(/lling$/, "ling")
      .replace(/lled$/, "led");
  }

  // Returns the form of a word that is compared.
  function reduce(word) {
    if (!known.has(word)) known.set(word, stemmer.stemWord(respell(word)));
    return known.get(word);
  }

  // Splits a text into words: [word as compared, where it begins, where it ends].
  function split(text) {
    const found = [];
    for (const match of text.matchAll(/[\p{Letter}\p{Number}]+/gu)) {
      const end = match.index + match[0].length;
      found.push([reduce(match[0].toLowerCase()), match.index, end]);
    }
    return found;
  }

  // Returns the words of a text as compared, in order.
  function words(text) {
    return split(text).map((found) => found[0]);
  }

  // Returns the words of a query without "what is a" and the like; all, if none is left.
  function telling(query) {
    const all = words(query);
    const empty = [...stopwords, ...ASKING].map(reduce);
    const some = all.filter((word) => !empty.includes(word));
    return some.length ? some : all;
  }

  // Returns the positions at which a phrase begins among words.
  function positions(all, phrase) {
    const found = [];
    for (let i = all.indexOf(phrase[0]); i >= 0; i = all.indexOf(phrase[0], i + 1)) {
      if (phrase.every((word, k) => all[i + k] === word)) found.push(i);
    }
    return found;
  }

  book.search = { positions, split, telling, words };
})();
