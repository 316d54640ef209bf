"""The playground's engine in a worker of a page from disk, and where none can start."""

import pytest
from playground_page import run, write_engine

from vae_utils.playground import make_scripts

# A runner whose messages are kept, and what waits for one of them.
START = """
const g = P.makeGenerator(7);
const draw = (count) => ({
  count,
  values: Uint8Array.from({ length: 36 * count }, () =>
    g.uniform() < 0.4 ? 255 * g.uniform() : 0),
});
const data = { training: draw(120), heldOut: draw(40) };
const settings = { inputs: 36, hidden: [16], latentDim: 3, batchSize: 20 };
const heard = [];
let listeners = [];
const runner = P.startRunner((message) => {
  heard.push(message);
  listeners = listeners.filter((listen) => !listen(message));
});
const hear = (wanted) => new Promise((go) =>
  listeners.push((message) => wanted(message) && (go(message), true)));
const hearSnapshot = (wanted = () => true) =>
  hear((message) => message.type === "snapshot" && wanted(message));
const rest = (time) => new Promise((go) => setTimeout(go, time));
const configure = { type: "configure", settings, data, codes: 30, interval: 20 };
const train = (steps) => {
  const trainer = P.makeTrainer(settings, data);
  for (let i = 0; i < steps; i++) trainer.train();
  return trainer;
};
const same = (a, b) => a.length === b.length && a.every((v, i) => Object.is(v, b[i]));
"""
NONE = "window.Worker = undefined;"
REFUSED = "window.Worker = function () { throw new Error('not here'); };"
SILENT = """
window.Worker = class extends EventTarget { postMessage() {} terminate() {} };
const later = window.setTimeout;
window.setTimeout = (call, time) => later(call, time === 10000 ? 50 : time);
"""
FORBIDDEN = '<meta http-equiv="Content-Security-Policy" content="worker-src \'none\'">'
WAYS = {  # what is in the page → where the engine runs, and why
    "worker": ({}, "worker", None),
    "twice": ({"before": make_scripts()}, "worker", None),
    "none": ({"before": NONE}, "page", "Worker is not a constructor"),
    "refused": ({"before": REFUSED}, "page", "not here"),
    "silent": ({"before": SILENT}, "page", "it does not answer"),
    "forbidden": ({"head": FORBIDDEN}, "page", ""),
}


@pytest.fixture(scope="module")
def opened(open_browser):
    return open_browser(400, 400)


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


@pytest.fixture
def compute(opened, way, tmp_path):
    """Runs JavaScript after that of `START`, in each kind of page."""
    opened.get(write_engine(tmp_path, **way[0]))
    return lambda script, *more: run(opened, START + script, *more)


def test_it_says_where_it_runs_and_why(compute, way):
    _, place, reason = way
    started = compute("return heard[0] ?? hear((m) => m.type === 'started')")
    assert started["type"] == "started" and started["place"] == place
    assert started["reason"] is None if reason is None else reason in started["reason"]


def test_steps_are_those_of_the_engine_bit_for_bit(compute):
    script = """
    runner.post({ ...configure, run: "one" });
    const first = await hearSnapshot((m) => m.run === "one");
    runner.post({ type: "step", count: 25 });
    const { step, weights, codes, epochs } = await hearSnapshot();
    const trainer = train(25);
    const expected = trainer.snapshot({ codes: 30 });
    return [first.step, step, first.epochs.length, epochs.length, codes.count,
      same(weights, expected.weights), same(codes.means, expected.codes.means),
      same(codes.logVars, expected.codes.logVars)];
    """
    assert compute(script) == [0, 25, 1, 4, 30, True, True, True]


def test_it_plays_paints_and_pauses(compute):
    script = """
    let frames = 0;
    const count = () => { frames++; requestAnimationFrame(count); };
    requestAnimationFrame(count);
    runner.post(configure);
    runner.post({ type: "play" });
    const { isPlaying, imagesPerSecond } = await hearSnapshot((m) =>
      m.step > 200 && frames > 5);
    runner.post({ type: "pause" });
    const paused = await hearSnapshot((m) => !m.isPlaying);
    await rest(150);
    const weights = train(paused.step).model.weights;
    const isStill = heard.at(-1).step === paused.step;
    const snapshots = heard.filter((m) => m.type === "snapshot").length;
    return [isPlaying, imagesPerSecond > 0, isStill,
      same(weights, paused.weights), snapshots];
    """
    *truths, snapshots = compute(script)
    assert truths == [True] * 4 and snapshots >= 3


def test_snapshots_wait_until_the_last_was_seen(compute):
    script = """
    const told = [];
    const receive = P.serve((message) => told.push(message), {
      slice: 1, later: (call) => setTimeout(call) });
    receive({ ...configure, interval: 0 });
    receive({ type: "play" });
    await rest(100);
    const unseen = told.length;
    receive({ type: "seen" });
    receive({ type: "pause" });
    return [unseen, told.length];
    """
    assert compute(script) == [1, 2]


def test_a_pace_limits_the_steps(compute):
    script = """
    runner.post(configure);
    await hearSnapshot();
    runner.post({ type: "play", pace: 20 });
    const begin = performance.now();
    const { step } = await hearSnapshot((m) => m.step >= 5);
    return [step, performance.now() - begin];
    """
    step, time = compute(script)
    assert time > 0.9 * 50 * step  # a step in 50 milliseconds, at most


def test_a_divergence_stops_it_and_good_weights_come_back(compute):
    script = """
    runner.post({ ...configure, settings: { ...settings, learningRate: 1e30 } });
    runner.post({ type: "play" });
    const { failure, isPlaying } = await hearSnapshot((m) => m.failure);
    runner.post({ type: "restore" });
    const back = await hearSnapshot((m) => !m.failure);
    runner.post({ type: "change", changes: { learningRate: 0.003 } });
    runner.post({ type: "step", count: 30 });
    const after = await hearSnapshot((m) => m.step === 30);
    const isSame = same(after.weights, train(30).model.weights);
    return [isPlaying, failure.term, failure.goodStep, back.step,
      back.weights.every(Number.isFinite), isSame];
    """
    assert compute(script) == [False, "nll", 0, 0, True, True]


def test_settings_change_and_nonsense_is_refused(compute):
    script = """
    runner.post(configure);
    runner.post({ type: "change", changes: { beta: 20 } });
    runner.post({ type: "step" });
    const { beta } = await hearSnapshot((m) => m.step === 1);
    runner.post({ type: "change", changes: { beta: -1 } });
    const { message, setting } = await hear((m) => m.type === "refused");
    runner.post({ type: "dance" });
    const unknown = await hear((m) => m.type === "refused");
    runner.post({ type: "reset" });
    const { step } = await hearSnapshot();
    return [beta, message, setting, unknown.message, step];
    """
    beta, message, setting, unknown, step = compute(script)
    assert (beta, setting, step) == (20, "beta", 0)
    assert message == "beta must be a number, 0 or more. Received: beta=-1"
    assert "dance" in unknown


def test_it_rests_in_a_hidden_tab(compute):
    script = """
    let isHidden = false;
    Object.defineProperty(document, "hidden", { get: () => isHidden });
    const hide = (value) => {
      isHidden = value;
      document.dispatchEvent(new Event("visibilitychange"));
    };
    runner.post(configure);
    runner.post({ type: "play" });
    await hearSnapshot((m) => m.step > 10);
    hide(true);
    runner.post({ type: "nonsense" }); // answered once it sleeps
    await hear((m) => m.type === "refused");
    const steps = () => heard.findLast((m) => m.type === "snapshot").step;
    const before = steps();
    await rest(300);
    const during = steps();
    hide(false);
    const { isPlaying } = await hearSnapshot((m) => m.step > during);
    return [before === during, isPlaying];
    """
    assert compute(script) == [True, True]


def test_nothing_is_heard_after_the_end(compute):
    script = """
    runner.post(configure);
    runner.post({ type: "play" });
    await hearSnapshot();
    runner.stop();
    await rest(100);
    const count = heard.length;
    await rest(200);
    runner.post({ type: "step" });
    return heard.length - count;
    """
    assert compute(script) == 0


def test_nothing_is_logged(compute, opened, way):
    opened.get_log("browser")  # of the pages before
    compute("runner.post(configure); await hearSnapshot();")
    expected = 1 if "head" in way[0] else 0  # the browser reports what it forbids
    assert len(opened.get_log("browser")) <= expected
