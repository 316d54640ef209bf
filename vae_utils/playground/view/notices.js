/* What the page says about a run: what can be seen in it, and what went wrong. */
(function () {
  "use strict";

  const P = window.VAEBook.playground;
  const { make, makeButton } = window.VAEBook.elements;
  const TERMS = { nll: "nll", kl: "kl", loss: "the loss", weights: "a weight" };

  /* Makes the lines; show(run) fills them. `linkTo(page, text)` makes a link to a chapter
     and `restore` goes back to good weights. */
  function makeNotices(linkTo, restore) {
    const findings = make("ul", { class: "vp-findings" });
    const failure = make("div", { class: "vp-failure", role: "alert" });
    const place = make("p", { class: "vw-small" });
    const title = make("p", { class: "vp-question" }, "What am I seeing?");
    const node = make("div", { class: "vp-notices" }, failure, title, findings, place);
    let written = "";
    const show = (run) => {
      showFailure(failure, run, restore);
      place.textContent = describeThread(run);
      if (!run.snapshot) return;
      const found = P.listFindings({ ...run, ...run.snapshot, epochs: run.records });
      const text = JSON.stringify(found);
      if (text === written) return; // a link that is being clicked stays
      written = text;
      findings.replaceChildren(...found.map((each) => makeFinding(each, linkTo)));
    };
    return { node, show };
  }

  function makeFinding({ id, text, chapter, link }, linkTo) {
    const more = chapter ? [" ", linkTo(chapter, link)] : [];
    return make("li", { "data-finding": id }, text, ...more);
  }

  /* Says at which step training failed, and why, and offers the way back. */
  function showFailure(node, { snapshot }, restore) {
    const failure = snapshot?.failure;
    if (Boolean(failure) === node.childElementCount > 0) return;
    node.replaceChildren();
    if (!failure) return;
    node.append(
      make("p", {}, describeFailure(failure)),
      makeButton(`Go back to the weights of step ${failure.goodStep}`, restore),
    );
  }

  const describeFailure = ({ step, term }) =>
    `Training stopped at step ${step}: ${TERMS[term]} is no longer a finite number. ` +
    "With the same settings it would stop again: lower the learning rate first.";

  function describeThread({ reason }) {
    return reason === null || reason === undefined
      ? ""
      : "Your browser starts no worker here, so that training shares the page's thread " +
          `and is slower (${reason || "it gave no reason"}).`;
  }

  Object.assign(P, { describeFailure, makeNotices });
})();
