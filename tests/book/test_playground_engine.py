"""The playground's engine: random numbers, batches, scores, divergence, settings."""

import re

import numpy as np
import playground_models
import pytest
from numpy.testing import assert_allclose
from playground_page import run, write_engine

from vae_utils import evaluation, objectives

# 120 grey pictures of 6 × 6 in the page, and 40 others to score.
DATA = """
const g = P.makeGenerator(7);
const draw = (count) => ({
  count,
  values: Uint8Array.from({ length: 36 * count }, (_, i) =>
    g.uniform() < 0.4 ? 255 * g.uniform() * ((i % 36) / 36) : 0),
});
const data = { training: draw(120), heldOut: draw(40) };
const settings = { inputs: 36, hidden: [16], latentDim: 3, batchSize: 20 };
const train = (trainer, steps) => { for (let i = 0; i < steps; i++) trainer.train(); };
const same = (a, b) => a.length === b.length && a.every((v, i) => Object.is(v, b[i]));
const copy = (trainer) => trainer.model.weights.slice();
"""


@pytest.fixture(scope="module")
def browser(open_browser, tmp_path_factory):
    opened = open_browser(400, 400)
    opened.get(write_engine(tmp_path_factory.mktemp("engine")))
    return opened


@pytest.fixture
def compute(browser):
    """Runs JavaScript after that of `DATA`, and returns what it returns."""
    return lambda script, *arguments: run(browser, DATA + script, *arguments)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("exp", -700, 700), ("tanh", -30, 30), ("log", 0, 2)]
)
def test_functions_agree_with_numpy(name, low, high, compute):
    x = np.random.default_rng(0).uniform(low, high, 2000)
    x = 10 ** (200 * (x - 1)) if name == "log" else x
    found = compute("return given[1].map(P[given[0]])", name, x.tolist())
    assert_allclose(found, getattr(np, name)(x), rtol=1e-12, atol=1e-15)


def test_functions_at_their_ends(compute):
    script = (
        "return [P.exp(-800), P.exp(800), P.exp(0), P.log(1), P.log(0), P.tanh(400), "
        "P.sigmoid(-800), P.exp(NaN), P.log(-1), P.tanh(NaN)].map(String)"
    )
    expected = "0 Infinity 1 0 -Infinity 1 0 NaN NaN NaN".split()
    assert compute(script) == expected


def draw_words(key, count):
    """Computes what the page's generator draws, as Python's integers do."""

    def mix(state, word):
        state = (state ^ word) * 0x85EBCA6B % 2**32
        state = (state ^ state >> 13) * 0xC2B2AE35 % 2**32
        return state ^ state >> 16

    a, b, c, counter = 1, 2, 3, 1
    for word in key:
        a, b, c, counter = (mix(state, word) for state in (a, b, c, counter))
    words = []
    for _ in range(15 + count):
        word = (a + b + counter) % 2**32
        counter = (counter + 1) % 2**32
        a, b = b ^ b >> 9, (c + (c << 3)) % 2**32
        c = ((c << 21 | c >> 11) + word) % 2**32
        words.append(word)
    return words[15:]


@pytest.mark.parametrize("key", [(0,), (1, 2, 3), (4294967295, 4)])
def test_random_words_are_those_of_sfc32(key, compute):
    script = (
        "const one = P.makeGenerator(...given[0]);"
        "return Array.from({ length: 50 }, one.bits)"
    )
    assert compute(script, key) == draw_words(key, 50)


def test_normal_numbers_have_their_moments(compute):
    script = "return Array.from(P.makeGenerator(1).fillNormal(new Float32Array(1e5)))"
    drawn = np.array(compute(script))
    assert abs(drawn.mean()) < 0.02 and abs(drawn.std() - 1) < 0.02
    assert abs((drawn**4).mean() - 3) < 0.15
    assert abs(np.corrcoef(drawn[::2], drawn[1::2])[0, 1]) < 0.02


def test_the_same_seed_trains_the_same_weights_bit_for_bit(compute):
    script = """
    const [a, b] = [P.makeTrainer(settings, data), P.makeTrainer(settings, data)];
    const other = P.makeTrainer({ ...settings, seed: 1 }, data);
    train(a, 40);
    for (let i = 0; i < 8; i++) { train(b, 5); b.snapshot({ codes: 30 }); }
    train(other, 40);
    const first = copy(a);
    a.reset();
    train(a, 40);
    return [same(first, copy(b)), same(first, copy(a)), same(first, copy(other))];
    """
    assert compute(script) == [True, True, False]


@pytest.mark.parametrize(
    ("likelihood", "checksum"), [("bernoulli", 880946802), ("learned", 1299673121)]
)
def test_training_takes_the_same_course_on_every_machine(likelihood, checksum, compute):
    # The checksum of all weights, which anything that changes training changes.
    script = """
    const trainer = P.makeTrainer({ ...settings, likelihood: given[0] }, data);
    train(trainer, 60);
    const bytes = new Uint8Array(copy(trainer).buffer);
    return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619) >>> 0);
    """
    assert compute(script, likelihood) == checksum


def test_an_epoch_has_every_example_once_and_binarises_anew(compute):
    script = """
    const complete = P.complete({ ...settings, likelihood: "bernoulli" });
    const batches = P.makeBatches(complete, data.training);
    const epochs = [0, 1, 0].map((epoch) => {
      batches.begin(epoch);
      return Array.from({ length: batches.steps }, (_, i) =>
        Array.from(batches.next(i, 1).values)).flat();
    });
    return [...epochs, Array.from(data.training.values, (v) => v / 255)];
    """
    first, second, again, grey = (np.array(x).reshape(120, 36) for x in compute(script))
    assert set(np.unique(first)) == {0, 1} and (first == again).all()
    assert (first != second).any()
    assert not first[:, 0].any()  # black pixels stay black
    spread = np.sqrt((grey * (1 - grey)).sum())
    for drawn in (first, second):
        assert abs(drawn.sum() - grey.sum()) < 4 * spread


def test_scores_are_those_of_the_package(compute):
    settings = {
        "inputs": 36, "hidden": [16], "latentDim": 3, "mode": "vae", "sigma": 0.3,
        "likelihood": "gaussian", "output": "sigmoid", "beta": 1.0, "bugs": [],
    }  # fmt: skip
    script = """
    const exact = { ...given[0], batchSize: 20 };
    const trainer = P.makeTrainer(exact, data);
    trainer.model.weights.set(given[1]);
    const found = P.evaluate(trainer.model, data.heldOut);
    const codes = P.encodeAll(trainer.model, data.heldOut);
    for (const name of ["means", "logVars"]) found[name] = Array.from(codes[name]);
    const { count } = data.heldOut;
    const noise = new Float32Array(3 * count);
    P.makeGenerator(0, P.PURPOSES.scoring).fillNormal(noise);
    found.decoded = Array.from(trainer.model.generate(noise, count));
    const again = P.makeGenerator(0, P.PURPOSES.scoring);
    found.sampled = Array.from(trainer.model.sample(count, again));
    return [found, Array.from(data.heldOut.values), Array.from(noise)];
    """
    model = playground_models.make_model(settings, (6, 6, 1))
    variables = playground_models.list_variables(model)
    rng = np.random.default_rng(0)
    for variable in variables:
        variable.assign(np.array(variable) + 0.3 * rng.normal(size=variable.shape))
    variables[1].assign(np.where(np.arange(16) < 5, -99, np.array(variables[1])))
    flat = np.concatenate([np.array(variable).ravel() for variable in variables])
    found, values, noise = compute(script, settings, flat.tolist())
    x = np.array(values, np.float32).reshape(-1, 6, 6, 1) / 255
    model.eps = np.array(noise, np.float32).reshape(-1, 3)
    outputs = model.forward(x)
    mean, log_var = map(np.array, outputs["q"])
    for name, value in model.score(outputs, x).items():
        assert_allclose(found[name], np.mean(value), rtol=1e-5)
    assert_allclose(found["means"], mean.ravel(), rtol=1e-4, atol=1e-5)
    assert_allclose(found["logVars"], log_var.ravel(), rtol=1e-4, atol=1e-5)
    decoded = np.ravel(model.decode(model.eps))
    assert_allclose(found["decoded"], decoded, rtol=1e-5, atol=1e-6)
    assert found["sampled"] == found["decoded"]
    per_dimension = objectives.gaussian_kl_per_dimension(mean, log_var)
    assert_allclose(found["klPerDimension"], np.mean(per_dimension, axis=0), rtol=1e-5)
    assert found["active"] == evaluation.active_units(mean)
    dead = [
        *evaluation.find_dead_units(model.encoder, x).values(),
        *evaluation.find_dead_units(model.decoder, np.array(outputs["z"])).values(),
    ]
    assert [each["dead"] for each in found["dead"]] == [int(d.sum()) for d in dead]
    assert found["dead"][0]["dead"] >= 5


def test_correct_code_scores_what_a_bug_has_trained(compute):
    script = """
    const bugs = ["samplingOff", "meanOverPixels"];
    const trainer = P.makeTrainer({ ...settings, bugs, learningRate: 0.01 }, data);
    train(trainer, 300);
    const correct = P.evaluate(trainer.model, data.training);
    const buggy = P.evaluate(trainer.model, data.training, { withBugs: true });
    return [correct.nll, buggy.nll, correct.kl, buggy.kl];
    """
    correct, buggy, correct_kl, buggy_kl = compute(script)
    assert correct > buggy + 0.1 and correct_kl == buggy_kl


def test_training_lowers_the_bound_and_warms_up(compute):
    script = """
    const warm = { ...settings, learningRate: 0.01, beta: 2, warmUp: 4 };
    const trainer = P.makeTrainer(warm, data);
    train(trainer, 60);
    const { epochs, step, epoch } = trainer.snapshot();
    return [epochs, step, epoch, trainer.snapshot().epochs.length];
    """
    epochs, step, epoch, further = compute(script)
    assert (step, epoch, further) == (60, 10, 0)
    assert [each["epoch"] for each in epochs] == list(range(11))
    assert [each["beta"] for each in epochs[:6]] == [0, 0.5, 1, 1.5, 2, 2]
    bounds = [each["heldOut"]["nll"] + each["heldOut"]["kl"] for each in epochs]
    assert bounds[-1] < 0.8 * bounds[0]
    assert epochs[0]["trained"] is None and epochs[1]["trained"]["steps"] == 6


FAILING = """
const trainer = P.makeTrainer(settings, data);
train(trainer, 70);
const good = [trainer.step, copy(trainer)];
train(trainer, 49);
trainer.change({ learningRate: 1e30 });
train(trainer, 10);
"""


def test_a_divergence_names_step_and_term_and_stops(compute):
    script = FAILING + "return [trainer.failure, trainer.step, trainer.train()]"
    failure, step, after = compute(script)
    assert failure == {"step": step + 1, "term": "nll", "goodStep": 50}
    assert 120 <= step < 125 and after is None


def test_an_infinite_weight_that_the_loss_does_not_show_is_found(compute):
    script = """
    const trainer = P.makeTrainer(settings, data);
    trainer.model.weights[0] = Infinity; // of a pixel that is always black
    const terms = trainer.train();
    train(trainer, 80);
    return [Number.isFinite(terms.loss), trainer.failure];
    """
    expected = {"step": 50, "term": "weights", "goodStep": 0}
    assert compute(script) == [True, expected]


def test_weights_from_before_a_divergence_come_back_and_train(compute):
    script = (
        FAILING
        + """
    trainer.restore();
    const back = trainer.step;
    trainer.change({ learningRate: 0.003 });
    train(trainer, 20);
    return [back, trainer.failure, same(good[1], copy(trainer)), trainer.step];
    """
    )
    assert compute(script) == [50, None, True, 70]  # as if nothing had happened


def test_points_need_no_pixels(compute):
    script = """
    const ring = (count) => {
      const values = new Float32Array(2 * count);
      for (let i = 0; i < count; i++) {
        const [x, y] = [g.normal(), g.normal()];
        const radius = Math.hypot(x, y);
        const near = () => 1 / radius + 0.05 * g.normal();
        values.set([x * near(), y * near()], 2 * i);
      }
      return { values, count };
    };
    const points = { inputs: 2, output: "linear", likelihood: "gaussian", sigma: 0.1,
      hidden: [32, 16], latentDim: 2, batchSize: 50, learningRate: 0.01 };
    const trainer = P.makeTrainer(points, {
      training: ring(500), heldOut: ring(100) });
    train(trainer, 400);
    const { epochs } = trainer.snapshot();
    const means = trainer.model.generate(g.fillNormal(new Float32Array(400)), 200);
    return [epochs[0].heldOut, epochs.at(-1).heldOut, Array.from(means)];
    """
    first, last, means = compute(script)
    assert last["nll"] + last["kl"] < first["nll"] + first["kl"] - 0.3
    assert np.ptp(means) > 1.5 and np.shape(means) == (400,)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"latentDim": 0}, "latentDim must be a whole number from 1 to 10000.*0"),
        ({"hidden": [64, 64, 64]}, "hidden must be up to two widths"),
        ({"beta": -1}, "beta must be a number, 0 or more. Received: beta=-1"),
        ({"beta": "many"}, 'beta must be a number, 0 or more. Received: beta="many"'),
        ({"learningRate": 0}, "learningRate must be a number above 0"),
        ({"likelihood": "poisson"}, "likelihood must be one of bernoulli, gaussian"),
        ({"bugs": ["moth"]}, "bugs must be names among meanOverPixels"),
        ({"seed": 0.5}, "seed must be a whole number from 0"),
        ({"speed": 3}, "speed must be left out: there is no such setting"),
        ({"batchSize": 121}, "must not exceed the training examples.*batchSize=121"),
        ({"inputs": 35}, "Data must have 35 numbers for each.*4320 for 120"),
    ],
)
def test_nonsense_is_refused_by_name(changes, message, compute):
    script = "P.makeTrainer({ ...settings, ...given[0] }, data)"
    found = compute(script, changes)
    assert found.startswith("RangeError: ")
    assert re.search(message, found), found


def test_a_running_model_refuses_what_needs_a_new_one(compute):
    script = """
    const trainer = P.makeTrainer(settings, data);
    trainer.change({ beta: 4, bugs: ["forgottenHalf"], learningRate: 0.01, warmUp: 2 });
    trainer.change({ latentDim: 4 });
    """
    assert compute(script).startswith("RangeError: latentDim must be set before")
