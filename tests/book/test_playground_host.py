"""How experiments use the playground: a run that all can see, and its result."""

import pytest

# An experiment's run, what it told, and what came of it.
HOST = """
const told = [];
const begin = (given) => page.host.run({
  data: "digits", settings: { seed: 5 }, epochs: 2, label: "A run",
  told: (record) => told.push(record.epoch), ...given,
}).then((result) => ["resolved", result], (error) => ["rejected", error.name,
  error.message]);
"""


def test_the_host_runs_an_experiment(compute):
    script = """
    const [how, result] = await begin();
    const { data, settings, epochs, failure, last } = result;
    return [how, data === P.getData("digits"), settings, epochs.map((e) => e.step),
      told, failure, last.weights.length, last.codes.count, last.sigma,
      last.weights.every((w, i) => w === run.snapshot.weights[i]), run.isPlaying];
    """
    how, is_own, settings, steps, told, failure, *last = compute(HOST + script)
    assert how == "resolved" and is_own and failure is None
    assert settings["seed"] == 5 and settings["learningRate"] == 0.005
    assert steps == [0, 40, 80] and told == [0, 1, 2]
    assert last == [196 * 64 + 64 + 2 * 130 + 192 + 65 * 196, 1000, 0.5, True, False]


@pytest.mark.parametrize(
    "act",
    [
        "page.host.stop()",
        "press('Pause')",
        "press('One step')",
        "slide('β', 3)",
        "choose('ae')",
        "choose('ring')",
        "begin({ epochs: 1 })",
    ],
)
def test_a_hand_stops_an_experiment(act, compute):
    script = f"""
    const over = begin({{ epochs: 500 }});
    await until(() => run.snapshot?.step > 10);
    {act};
    const found = await over;
    press(run.isPlaying ? "Pause" : "One step");
    return found;
    """
    found = compute(HOST + script)
    assert found == ["rejected", "Stopped", "The experiment was stopped."]


def test_a_hand_on_the_pace_does_not_change_an_experiment(compute):
    script = """
    const over = begin();
    await until(() => run.snapshot?.step > 5);
    one(".vp-slower input").click();
    await rest(300);
    one(".vp-slower input").click();
    const [how, { epochs }] = await over;
    return [how, epochs.at(-1).step, run.snapshot.step];
    """
    assert compute(HOST + script) == ["resolved", 80, 80]


def test_a_failure_is_a_result(compute):
    script = """
    const [how, result] = await begin({ settings: { learningRate: 1e30 } });
    return [how, result.failure.term, result.epochs.length];
    """
    assert compute(HOST + script) == ["resolved", "nll", 1]


def test_what_an_experiment_cannot_do_is_an_error(compute):
    script = """
    const refused = await begin({ settings: { batchSize: 5000 } });
    const wrong = await begin({ settings: { beta: -1 }, secret: true });
    const elsewhere = begin({ data: "clothes", secret: true });
    choose("ring");
    const stopped = await elsewhere;
    return [refused, wrong, stopped, !page.root.classList.contains("vp-secret")];
    """
    refused, wrong, elsewhere, is_open = compute(HOST + script)
    assert refused[:2] == ["rejected", "Error"] and "batchSize" in refused[2]
    assert wrong[:2] == ["rejected", "Error"] and "beta" in wrong[2]
    assert elsewhere[:2] == ["rejected", "Stopped"] and is_open


def test_a_secret_stays_one(compute):
    script = """
    const fold = one(".vp-bug-fold");
    fold.open = true;
    const seen = () => [...document.querySelectorAll(".vp-bugs input, .vp-copy button")]
      .filter((e) => e.checkVisibility({ visibilityProperty: true })).length;
    const [address, all] = [location.hash, seen()];
    const over = begin({ settings: { bugs: ["bytes"] }, epochs: 1, secret: true });
    await until(() => run.snapshot?.step > 3);
    const during = [seen(), location.hash === address, run.settings.bugs];
    const words = page.root.innerText;
    await over;
    const after = [seen(), location.hash === address];
    page.host.reveal();
    const end = [seen(), location.hash.includes("bytes")];
    return [all, during, after, end, words.includes("255 times")];
    """
    found = compute(HOST + script)
    assert found == [8, [0, True, ["bytes"]], [0, True], [8, True], False]


def test_the_reader_s_own_settings_come_back(compute):
    script = """
    slide("β", 0);
    const own = run.settings.beta;
    const rounds = [];
    for (const isChanged of [false, true]) {
      await begin({ settings: { beta: 20 }, epochs: 1 });
      const during = run.settings.beta;
      if (isChanged) slide("β", 1); // a choice of the reader's, which stays
      const wanted = run.settings.beta;
      page.host.leave();
      await rest(200);
      rounds.push([during, wanted, run.settings.beta]);
    }
    return [own, ...rounds];
    """
    own, left, changed = compute(HOST + script)
    assert left == [20, 20, own] and changed[0] == 20
    assert changed[1] == changed[2] not in (20, own)
