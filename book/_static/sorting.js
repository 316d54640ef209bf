/* Tables of numbers: columns of numbers line up at the right, and a click on a header
   sorts by its column, up, down, and back to the order of the page. */
(function () {
  "use strict";

  const FEWEST = 4; // rows that are worth sorting
  const MISSING = /^(|–|-|nan|none)$/i;
  // A number, and what may follow it: a spread, the end of a range, a unit.
  const NUMBER = /^[<>≤≥≈~]? ?([-+]?\d*\.?\d+(?:e[-+]?\d+)?) ?(±.*|–[-+\d., ]+|%|×|[a-z ]+)?$/i;
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

  // Returns the text of a cell on one line, with a plain minus.
  const read = (cell) =>
    cell.textContent
      .replace(/[\u2060\s]+/g, (blank) => (blank === "\u2060" ? "" : " "))
      .trim()
      .replace(/^−/, "-");

  // Returns the number in a cell; null if it is missing, NaN if it is something else.
  function number(text) {
    if (MISSING.test(text)) return null;
    const match = text.replace(/(\d),(?=\d{3})/g, "$1").match(NUMBER);
    return match ? Number(match[1]) : NaN;
  }

  // Returns what a column's cells are sorted by: numbers, or else texts; null is missing.
  function readColumn(rows, column) {
    const texts = rows.map((row) => read(row.cells[column]));
    const numbers = texts.map(number);
    const numeric = numbers.some((n) => n !== null) && !numbers.some(Number.isNaN);
    const words = texts.map((text) => (MISSING.test(text) ? null : text));
    return { numeric, keys: numeric ? numbers : words };
  }

  // Compares two keys; what is missing comes last in either direction.
  function compare(a, b, sign) {
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a === "number") return sign * (a - b);
    return sign * a.localeCompare(b, "en", { numeric: true });
  }

  // Returns the rows in the order of keys; equal ones stay in the order of the page.
  function order(rows, keys, direction) {
    if (direction === "none") return rows;
    const sign = direction === "ascending" ? 1 : -1;
    const places = rows.map((_, i) => i);
    return places.sort((i, j) => compare(keys[i], keys[j], sign)).map((i) => rows[i]);
  }

  // Puts a button into a header.
  function addButton(head, sort) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...(head.children.length ? head.childNodes : [head.textContent.trim()]));
    head.replaceChildren(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sort(NEXT[head.getAttribute("aria-sort")]));
  }

  // Makes plain cells of headers without text, which name nothing.
  function dropEmptyHeads(table) {
    for (const head of table.querySelectorAll("thead th")) {
      if (!read(head)) head.replaceWith(document.createElement("td"));
    }
  }

  // Aligns a table's numbers and makes it sortable.
  function prepare(table) {
    dropEmptyHeads(table);
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    const regular = rows.every((row) => row.cells.length === heads.length);
    if (!rows.length || !regular) return;
    const columns = heads.map((_, column) => readColumn(rows, column));
    columns.forEach(({ numeric }, column) => {
      if (!numeric) return;
      for (const cell of [heads[column], ...rows.map((row) => row.cells[column])]) {
        cell.classList.add("number");
      }
    });
    if (rows.length < FEWEST || !columns.some((column) => column.numeric)) return;
    heads.forEach((head, column) => {
      if (!read(head)) return;
      addButton(head, (direction) => {
        for (const other of heads) {
          if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
        }
        head.setAttribute("aria-sort", direction);
        table.tBodies[0].append(...order(rows, columns[column].keys, direction));
      });
    });
  }

  // This script waits for the page, or comes later: the tables are there.
  const tables = ".cell_output .text_html > table, .cell_output table.dataframe";
  const found = document.querySelectorAll(`${tables}, .bd-article table.table`);
  for (const table of found) prepare(table);
})();
