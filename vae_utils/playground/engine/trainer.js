/* Training: steps and epochs, warm-up, what is kept for a divergence, and snapshots.

   A trainer knows nothing of workers or pages. What it records in an epoch depends on
   settings and data alone, never on the speed of a machine. */
(function () {
  "use strict";

  const book = self.VAEBook.playground;
  const { PURPOSES, encodeAll, evaluate, makeAdam, makeBatches } = book;
  const { makeGenerator, makeModel } = book;
  const TERMS = ["nll", "kl", "loss"]; // in the order in which one ruins the next
  const KEPT_EVERY = 50; // steps between copies of the weights

  /* Starts a run on { training, heldOut } data; throws if they do not fit. `plan` lists
     changes of settings to come, { step, changes }: those of a run that is repeated. */
  function makeTrainer(given, data, plan = []) {
    let settings = book.complete(given);
    checkData(settings, data);
    const batches = makeBatches(settings, data.training);
    // As many training examples as held-out ones are scored, so that both are compared.
    const count = Math.min(data.heldOut.count, data.training.count);
    const seen = { values: data.training.values, count };
    let planned = [...plan].sort((a, b) => a.step - b.step);
    let model, adam, step, sums, epochs, failure, kept;
    let changed = []; // what was changed in this run, and before which step

    /* Goes back to the first step: new weights from the seed. */
    function reset() {
      model = makeModel(settings);
      model.draw(makeGenerator(settings.seed, PURPOSES.weights));
      adam = makeAdam(model.weights.length);
      [step, failure, changed] = [0, null, []];
      sums = { nll: 0, kl: 0, loss: 0, steps: 0 };
      epochs = [score()];
      kept = [copy(), copy()];
      batches.begin(0);
    }

    const epochOf = () => step / batches.steps;

    /* β grows in a straight line, if it is to. */
    function currentBeta() {
      const { beta, warmUp } = settings;
      return warmUp > 0 ? beta * Math.min(1, epochOf() / warmUp) : beta;
    }

    /* Does one step; returns its loss, nll and kl, or null where training has failed. */
    function train() {
      if (failure) return null;
      while (planned[0]?.step <= step) change(planned.shift().changes);
      const { batchSize, bugs, learningRate } = settings;
      const index = step % batches.steps;
      const { values, noise } = batches.next(index, book.valueFactor(bugs));
      const given = { beta: currentBeta(), bugs };
      const terms = model.learn(values, noise, batchSize, given);
      const term = TERMS.find((name) => !Number.isFinite(terms[name]));
      if (term) return fail(step + 1, term);
      adam.update(model.weights, model.slopes, learningRate);
      for (const name of TERMS) sums[name] += terms[name];
      sums.steps++;
      step++;
      if (step % KEPT_EVERY === 0) {
        // A weight that meets zeros only can be infinite without an effect on the loss.
        if (!model.weights.every(Number.isFinite)) return fail(step, "weights");
        kept = [kept[1], copy()];
      }
      if (step % batches.steps === 0) endEpoch();
      return terms;
    }

    /* Notes a failure: the step, counted from 1, what was the first to be no finite
       number, and the step that `restore` goes back to. */
    function fail(failed, term) {
      failure = { step: failed, term, goodStep: kept[0].step };
      return null;
    }

    function endEpoch() {
      epochs.push(score());
      batches.begin(step / batches.steps);
    }

    /* The record of an epoch: what the steps reported, in the mean, and correct scores. */
    function score() {
      const trained = sums.steps ? { ...sums } : null;
      for (const name of TERMS) if (trained) trained[name] /= trained.steps;
      sums = { nll: 0, kl: 0, loss: 0, steps: 0 };
      return {
        epoch: epochOf(),
        step,
        beta: currentBeta(),
        trained,
        training: evaluate(model, seen),
        heldOut: evaluate(model, data.heldOut),
      };
    }

    /* A step's weights and optimiser, to go back to. */
    const copy = () => ({ step, weights: model.weights.slice(), adam: adam.save() });

    /* Goes back to weights of at least KEPT_EVERY steps before a failure, or the first
       ones. The same settings would fail again: a smaller learning rate may not. */
    function restore() {
      const good = kept[0];
      model.weights.set(good.weights);
      adam.load(good.adam);
      step = good.step;
      keepChanges();
      kept = [good, copy()];
      epochs = epochs.filter((each) => each.step <= step);
      sums = { nll: 0, kl: 0, loss: 0, steps: 0 };
      failure = null;
      replayEpoch();
    }

    /* Forgets when later changes were made: they hold from the good step on. */
    function keepChanges() {
      const later = changed.filter((each) => each.step > step);
      changed = changed.filter((each) => each.step <= step);
      if (!later.length) return;
      changed.push({
        step,
        changes: Object.assign({}, ...later.map(({ changes }) => changes)),
      });
    }

    /* Draws what the epoch has drawn before this step: the batches that follow are those
       that followed. */
    function replayEpoch() {
      batches.begin(Math.floor(epochOf()));
      for (let i = 0; i < step % batches.steps; i++) batches.next(i, 1);
    }

    /* Changes settings that a run can change, and notes the step. */
    function change(changes) {
      settings = book.change(settings, changes);
      model.settings = settings;
      changed.push({ step, changes });
    }

    /* Collects what a page shows: numbers, epochs since the last time, weights, and the
       codes of as many held-out examples as asked for. All arrays are copies. */
    function snapshot({ codes = 0 } = {}) {
      const shown = Math.min(codes, data.heldOut.count);
      const some = { values: data.heldOut.values, count: shown };
      const { nll, kl, loss, steps } = sums;
      const taken = {
        step,
        epoch: epochOf(),
        beta: currentBeta(),
        sigma: book.exp(model.logSigma()),
        recent: steps ? { nll: nll / steps, kl: kl / steps, loss: loss / steps } : null,
        epochs,
        changed: changed.slice(),
        failure,
        weights: model.weights.slice(),
        codes: shown ? { ...encodeAll(model, some), count: shown } : null,
      };
      epochs = [];
      return taken;
    }

    /* Resets, with the settings as they are: what was planned belonged to the old run. */
    function forget() {
      planned = [];
      reset();
    }

    reset();
    for (const { changes } of planned) book.change(settings, changes); // throws early
    const trainer = { change, reset: forget, restore, snapshot, train };
    return Object.defineProperties(trainer, {
      failure: { get: () => failure },
      model: { get: () => model },
      step: { get: () => step },
      settings: { get: () => settings },
    });
  }

  function checkData({ inputs, batchSize, likelihood }, { training, heldOut }) {
    for (const { values, count } of [training, heldOut])
      if (!(count > 0 && values.length === count * inputs))
        throw new RangeError(
          `Data must have ${inputs} numbers for each of 1 or more examples. ` +
            `Received: ${values.length} for ${count}`,
        );
    if (training.count < batchSize)
      throw new RangeError(
        "batchSize must not exceed the training examples. " +
          `Received: batchSize=${batchSize}, examples=${training.count}`,
      );
    if (likelihood === "bernoulli" && !(training.values instanceof Uint8Array))
      throw new RangeError(
        "A Bernoulli likelihood is for pixels, bytes; other numbers need a Gaussian. " +
          `Received: likelihood=${likelihood}`,
      );
  }

  book.makeTrainer = makeTrainer;
})();
