/* The guide: a list of experiments, one of which is open. */
(function () {
  "use strict";

  const book = window.VAEBook.playground;
  const { make, makeButton } = window.VAEBook.elements;
  let guides = 0; // on this page: each has ids of its own

  /* Makes the guide. `host` belongs to the page:
     run({ data, settings, epochs, label, secret, told, shown }) trains, calls
     told(record) with what each epoch recorded and shown(run) with every picture, and
     promises a result, or fails with "Stopped";
     stop() ends the run; reveal() shows what a secret run hides; leave() goes back to
     what the reader had before; linkTo(page, text) makes a link to a page of the book.
     Returns the section, whose `stop` ends what runs. */
  function makeGuide(host) {
    const id = `vp-guide-${++guides}`;
    const said = make("p", { class: "vw-said", role: "status" });
    const rows = book.EXPERIMENTS.map((experiment, i) => makeRow(experiment, i));
    const section = make(
      "section",
      { class: "vp-guide", "aria-labelledby": id },
      make("h2", { id, class: "vp-guide-title" }, "Predict, then run"),
      make(
        "p",
        { class: "vw-small" },
        "Each experiment takes about a minute. Say what you expect first: the answer " +
          "is computed from your own runs. Held-out images were not trained on; −ELBO " +
          "is the sum of nll and kl on them.",
      ),
      make("ol", { class: "vp-experiments" }, ...rows.map(({ node }) => node)),
      said,
    );
    let panel = null;
    let open = null; // the row whose panel is shown

    /* Makes an experiment's row of the list: a button, and room for its panel. */
    function makeRow({ title }, index) {
      const room = make("div", { id: `${id}-${index}` });
      const tick = make("span", { class: "vp-tick", hidden: "" }, " ✓");
      tick.append(make("span", { class: "vw-said" }, " done"));
      const button = makeButton(title, () => toggle(index), {
        "aria-expanded": "false",
        "aria-controls": room.id,
        class: "vp-experiment",
      });
      button.append(tick);
      return { button, node: make("li", {}, button, room), room, tick };
    }

    /* Opens an experiment, and closes the one that was open. */
    function toggle(index) {
      const isOpen = open === rows[index];
      close();
      if (isOpen) return;
      begin(index);
      open.button.scrollIntoView({ block: "start" }); // others may have closed above
    }

    function close() {
      panel?.stop();
      panel = null;
      if (open) host.leave();
      open?.room.replaceChildren();
      open?.button.setAttribute("aria-expanded", "false");
      open = null;
    }

    /* Shows the first round of an experiment. A quiz is another one each time. */
    function begin(index) {
      const given = book.EXPERIMENTS[index];
      const seed = Math.floor(Math.random() * 2 ** 32);
      const experiment = given.renew ? given.renew(seed) : given;
      open = rows[index];
      open.button.setAttribute("aria-expanded", "true");
      showRound({ experiment, index, number: 0, found: 0 });
    }

    /* Shows a round; `found` is how many rounds before it were answered rightly. */
    function showRound({ experiment, index, number, found }) {
      const { rounds } = experiment;
      const isLast = number === rounds.length - 1;
      const state = { experiment, index, number: number + 1, found };
      const finished = (isRight) => {
        state.found += isRight;
        if (isLast) rows[index].tick.hidden = false;
      };
      const score =
        rounds.length > 1
          ? () => `You found ${state.found} of ${rounds.length}.`
          : null;
      const go = () => (isLast ? goOn(index) : goToRound(state));
      const isEnd = isLast && findNext(index) === undefined;
      const next = {
        text: isEnd ? "All are done: close" : isLast ? "Next experiment" : "Next",
        go,
      };
      panel = book.makePanel(rounds[number], host, said, {
        experiment: { ...experiment, score },
        isLast,
        finished,
        next,
      });
      open.room.replaceChildren(panel.node);
    }

    /* Shows the next round, and moves focus to it: its button is gone. */
    function goToRound(state) {
      showRound(state);
      focusOn(panel.node);
    }

    /* Finds the next experiment that was not done, besides this one. */
    function findNext(index) {
      const order = rows.map((_, i) => (index + 1 + i) % rows.length);
      return order.find((i) => i !== index && rows[i].tick.hidden);
    }

    /* Opens the next experiment, or closes the last one. */
    function goOn(index) {
      const next = findNext(index);
      close();
      if (next !== undefined) begin(next);
      rows[next ?? index].button.focus();
    }

    section.stop = close;
    return section;
  }

  function focusOn(node) {
    node.setAttribute("tabindex", "-1");
    node.focus();
  }

  book.makeGuide = makeGuide;
})();
