"""The playground's page from disk: its buttons, and all settings."""

import json
import re

import pytest

from vae_utils.playground.scripts import SETTINGS

LIVE = {"beta", "warmUp", "learningRate", "bugs"}


def read_settings(address):
    parts = address.split("#")[1].split("&")
    return dict(part.split("=") for part in parts)


def test_play_trains_and_pause_pauses(compute):
    script = """
    const texts = [one(".vp-play").textContent];
    press("Play");
    await until(() => run.snapshot.step > 45);
    texts.push(one(".vp-play").textContent);
    press("Pause");
    await until(() => !run.snapshot.isPlaying);
    const { step } = run.snapshot;
    await rest(300);
    texts.push(one(".vp-play").textContent);
    return [texts, run.snapshot.step - step, one(".vp-place").textContent, step,
      run.records.length, run.reason];
    """
    texts, more, place, step, records, reason = compute(script)
    assert texts == ["Play", "Pause", "Play"] and more == 0 and reason is None
    assert records == step // 40 + 1  # of 40 steps each, and one before the first
    form = r"epoch ([\d.]+) · step (\d+)( · [\d,]+ examples/s)?"
    epoch, shown, _ = re.fullmatch(form, place).groups()
    assert int(shown) == step and float(epoch) == pytest.approx(step / 40, abs=0.051)


def test_one_step_is_one_step_and_again_is_the_same(compute):
    script = """
    const first = Array.from(run.snapshot.weights);
    const stepOnce = async () => {
      const from = run.snapshot.step;
      press("One step");
      await until(() => run.snapshot.step > from);
      return run.snapshot.step;
    };
    const steps = [await stepOnce(), await stepOnce()];
    const second = Array.from(run.snapshot.weights);
    press("Start again");
    await shown();
    const isFirst = run.snapshot.weights.every((w, i) => w === first[i]);
    const place = one(".vp-place").textContent;
    await stepOnce();
    await stepOnce();
    const isSecond = run.snapshot.weights.every((w, i) => w === second[i]);
    return [steps, place, isFirst, isSecond, first.every((w, i) => w === second[i])];
    """
    assert compute(script) == [[1, 2], "epoch 0 · step 0", True, True, False]


def test_another_seed_is_new_and_goes_on(compute):
    script = """
    const before = Array.from(run.snapshot.weights);
    press("Another seed");
    await shown();
    const isOther = run.snapshot.weights.some((w, i) => w !== before[i]);
    const isStill = !run.isPlaying && run.snapshot.step === 0;
    press("Play");
    await until(() => run.snapshot?.step > 0);
    press("Another seed");
    await until(() => run.snapshot?.step > 0);
    const found = [isOther, isStill, run.isPlaying, run.settings.seed];
    press("Pause");
    return [...found, field("Seed").value];
    """
    assert compute(script) == [True, True, True, 2, "2"]


def test_slower_is_slow(compute):
    script = """
    one(".vp-slower input").click();
    press("Play");
    await until(() => run.snapshot.step >= 2);
    const [from, begin] = [run.snapshot.step, performance.now()];
    await until(() => run.snapshot.step >= from + 3);
    const time = performance.now() - begin;
    const slow = run.snapshot.step - from;
    one(".vp-slower input").click();
    await until(() => run.snapshot.step > from + 100);
    press("Pause");
    return time / slow;
    """
    assert compute(script) > 120  # milliseconds a step: five a second, and some slack


CHANGES = {  # what a hand does → the setting and its value
    "mode": ("choose('ae')", "ae"),
    "latentDim": ("slide('Latent dimensions', 4)", 5),
    "hidden": (
        "field('Hidden units').value = '32,32';"
        "field('Hidden units').dispatchEvent(new Event('change'))",
        [32, 32],
    ),
    "likelihood": ("choose('learned')", "learned"),
    "sigma": ("choose('gaussian'); slide('σ', 1)", 0.1),
    "beta": ("slide('β', 9)", 4),
    "warmUp": ("slide('Epochs of warm-up', 2)", 2),
    "learningRate": ("slide('Learning rate', 7)", 0.1),
    "batchSize": ("slide('Batch size', 2)", 50),
    "seed": (
        "field('Seed').value = 7; field('Seed').dispatchEvent(new Event('change'))",
        7,
    ),
    "bugs": ("one('[value=bytes]').click()", ["bytes"]),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_control_changes_its_setting(name, compute):
    act, value = CHANGES[name]
    script = f"""
    await trainTo(3);
    {act};
    const isLive = run.snapshot !== null;
    if (!isLive) await shown();
    press("One step");
    await until(() => run.snapshot.step === (isLive ? 4 : 1));
    return [run.settings, isLive, location.hash, run.problem];
    """
    settings, is_live, fragment, problem = compute(script)
    assert settings[name] == value and problem is None
    assert is_live == (name in LIVE)
    shown = value if isinstance(value, list) else [value]
    assert read_settings(fragment)[name] == ",".join(map(str, shown))


def test_a_change_acts_in_the_engine(compute):
    script = """
    slide("β", 9);
    one("[value=samplingOff]").click();
    await trainTo(41);
    const trainer = P.makeTrainer({ ...run.settings }, run.data);
    for (let i = 0; i < 41; i++) trainer.train();
    return [trainer.model.weights.every((w, i) => w === run.snapshot.weights[i]),
      trainer.settings.beta, trainer.settings.bugs];
    """
    assert compute(script) == [True, 4, ["samplingOff"]]


def test_a_run_that_plays_goes_on_with_a_new_setting(compute):
    script = """
    press("Play");
    await until(() => run.snapshot.step > 5);
    slide("Latent dimensions", 2);
    await until(() => run.snapshot?.step > 5);
    const found = [run.isPlaying, run.snapshot.codes.means.length / 1000];
    press("Pause");
    return found;
    """
    assert compute(script) == [True, 3]


def test_unsuitable_controls_are_hidden_or_off(compute):
    script = """
    const labels = [...document.querySelectorAll(".vw-sliders label")];
    const seen = () => ["σ", "β", "Epochs of warm-up"].map((name) => {
      // Where σ is learned, the slider is called "σ at the start".
      const label = labels.find((each) => each.innerText.startsWith(name)
        || each.firstElementChild.textContent.startsWith(name));
      label.closest("details").open = true;
      return label.checkVisibility();
    });
    const isOff = () => one("[value=bernoulli]").disabled;
    const found = [[...seen(), isOff()]];
    for (const value of ["gaussian", "learned", "ae"]) {
      choose(value);
      found.push([...seen(), isOff()]);
    }
    choose("ring");
    await until(() => run.data.name === "ring" && run.snapshot);
    return [...found, [...seen(), isOff()]];
    """
    assert compute(script) == [
        [False, True, True, False],
        [True, True, True, False],
        [True, True, True, False],
        [True, False, False, False],
        [True, False, False, True],
    ]


def test_other_data_keep_what_does_not_depend_on_them(compute):
    script = """
    slide("β", 9);
    slide("Latent dimensions", 0);
    const found = [];
    for (const name of ["clothes", "sprites", "ring", "digits"]) {
      choose(name);
      await until(() => run.data.name === name && run.snapshot, name);
      const { beta, latentDim, likelihood, output, inputs } = run.settings;
      found.push([beta, latentDim, likelihood, output, inputs, run.problem]);
    }
    return found;
    """
    image = [4, 1, "bernoulli", "sigmoid", 196, None]
    ring = [4, 1, "gaussian", "linear", 2, None]
    assert compute(script) == [image, image, ring, image]


def test_a_seed_that_is_none_is_not_taken(compute):
    script = """
    const give = (value) => {
      field("Seed").value = value;
      field("Seed").dispatchEvent(new Event("change"));
      return field("Seed").value;
    };
    const found = [give("3"), give("-1"), give("1.5"), give("")];
    return [found, run.settings.seed, give("4294967296"), run.settings.seed,
      one(".vp-wish").textContent];
    """
    values, seed, _, still, said = compute(script)
    assert values == ["3"] * 4 and seed == still == 3
    assert said.startswith("seed must be a whole number from 0 to 4294967295.")


def test_settings_are_those_of_the_address(compute):
    names = compute("return P.writeAddress({ data: '', first: {}, changed: [] })")
    assert [part.split("=")[0] for part in names.split("&")] == ["data", *SETTINGS]
    assert json.dumps(sorted(CHANGES)) == json.dumps(sorted(SETTINGS))
