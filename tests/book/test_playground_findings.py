"""What the playground says about a run: each sentence where it applies, only there."""

import re
from pathlib import Path

import pytest
from guide_page import write_guide
from playground_page import run

ROOT = Path(__file__).parents[2]
PACES = {"begun", "fast", "slow", "settled", "worse"}

# Records of a run as a healthy one makes them, and what `listFindings` says of them.
MADE = """
const full = P.complete({});
const score = (nll, kl) => ({
  nll, kl, klPerDimension: [kl / 2, kl / 2], variances: [1, 1], active: 2,
  dead: [
    { name: "encoder 1", units: 64, dead: 5 },
    { name: "decoder 1", units: 64, dead: 0 },
  ],
});
const make = (costs = [130, 60, 55, 52, 50, 49, 48]) => costs.map((cost, epoch) => ({
  epoch, step: 40 * epoch, beta: 1,
  trained: epoch ? { nll: cost - 1, kl: 2, loss: cost + 1, steps: 40 } : null,
  training: score(cost - 2, 2), heldOut: score(cost - 1.5, 2),
}));
const freeze = (value) => {
  if (value && typeof value === "object") Object.values(value).forEach(freeze);
  return Object.freeze(value);
};
const list = (epochs, more = {}) => P.listFindings(freeze({
  settings: {}, data: { name: "digits", side: 14, settings: {} }, epochs,
  failure: null, step: epochs.at(-1).step, ...more,
}));
const ids = (...given) => list(...given).map(({ id }) => id);
const changed = (change, epochs = make()) => (epochs.forEach(change), epochs);
const held = (given) => (record) => Object.assign(record.heldOut, given);
"""


@pytest.fixture(scope="module")
def browser(open_browser, tmp_path_factory):
    opened = open_browser(600, 600)
    opened.get(write_guide(tmp_path_factory.mktemp("findings")))
    return opened


@pytest.fixture
def compute(browser):
    """Runs JavaScript after that of `MADE`, and returns what it returns."""
    return lambda script, *arguments: run(browser, MADE + script, *arguments)


def test_of_a_healthy_run_there_is_only_its_pace(compute):
    (found,) = compute("return list(make())")
    assert found["id"] in PACES and found["chapter"] is None and found["link"] is None
    assert "46.5 + 2.0 = 48.5" in found["text"]


CASES = {  # a change of a healthy run → the finding, and what its text must have
    "collapse": (
        "ids(changed(held({ active: 0, kl: 0.02 })))",
        "No dimension is active: q(z|x) is nearly the prior",
    ),
    "uselessKl": ("ids(changed(held({ active: 0, kl: 1.5 })))", "Yet kl is 1.50 nats"),
    "someCollapse": (
        "ids(changed(held({ active: 1 })))",
        "One of two dimensions is active; the other has collapsed: its q(z|x)",
    ),
    "deadLayer": (
        "ids(changed(held({ dead: [{ name: 'encoder 1', units: 9, dead: 9 }] })))",
        "All 9 units of the hidden layer “encoder 1” are dead",
    ),
    "dead": (
        "ids(changed(held({ dead: [{ name: 'encoder 1', units: 9, dead: 6 }] })))",
        "6 of 9 units",
    ),
    "loss": (
        "ids(changed(({ trained }) => trained && (trained.loss /= 196)))",
        "Training reports a loss of 0.25, but nll + β · kl is 49.0 nats",
    ),
    "scoring": (
        "ids(changed(({ training }) => (training.nll += 6)))",
        "Training reports an nll of 47.0 nats",
    ),
    "negative": ("ids(changed(held({ nll: -2e7 })))", "−2.0 × 10⁷ nats"),
    "coin": ("ids(changed(held({ nll: 135.8 })))", "of 196 pixels costs 135.9"),
    "overfitting": (
        "ids(changed(({ training, epoch }) => (training.nll = 46 - epoch), "
        "make([130, 50, 46, 47, 48, 49, 50])))",
        "risen from 46.5 nats (epoch 2) to 50.5",
    ),
    "autoencoder": (
        "ids(make(), { settings: { mode: 'ae' } })",
        "An autoencoder has no prior",
    ),
    "constantCode": (
        "ids(changed(held({ active: 1 })), { settings: { mode: 'ae' } })",
        "One of the code's two numbers is nearly the same for every image",
    ),
    "noKl": (
        "ids(changed((record) => { record.beta = 0; if (record.trained) "
        "record.trained.loss -= 2; }), { settings: { beta: 0 } })",
        "β is 0",
    ),
    "failure": (
        "ids(make(), { failure: { step: 312, term: 'kl', goodStep: 250 } })",
        "failed at step 312: kl became NaN or infinite. Go back to step 250",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_finding_in_its_case_only(name, compute):
    script, text = CASES[name]
    found = compute(f"return {script}")
    assert found[0] == name
    others = CASES.keys() - {name, *found}
    if name == "autoencoder":  # which is what the other one is, too
        others -= {"constantCode"}
    for other in others:
        assert name not in compute(f"return {CASES[other][0]}")
    first = compute(f"return {script.replace('ids(', 'list(', 1)}")[0]
    assert text in first["text"]


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"failure", "overfitting"}))
def test_nothing_is_judged_before_two_epochs(name, compute):
    early = CASES[name][0].replace("make()", "make().slice(0, 2)")
    early = early.replace("changed(", "changed_(")
    before = "const changed_ = (change) => changed(change, make().slice(0, 2));"
    assert set(compute(f"{before} return {early}")) <= PACES


def test_a_dimension_between_the_two_sides_is_not_named(compute):
    script = "const m = make(); m.at({}).heldOut.active = 1; return ids(m)"
    for place in (-1, -2):  # it has just died, or was dead for one epoch
        assert set(compute(script.format(place))) <= PACES


def test_a_change_of_beta_within_an_epoch_is_no_bug(compute):
    """The loss is between those of the epoch's first and last β: a warm-up, say."""
    script = """
    const warm = make();
    warm.forEach((record, i) => {
      record.beta = i / 6;
      if (i) record.trained.loss = record.trained.nll + 2 * (i - 0.5) / 6;
    });
    return ids(warm, { settings: { warmUp: 6 } })"""
    assert set(compute(script)) <= PACES


def test_a_rise_of_both_is_no_overfitting(compute):
    assert "overfitting" not in compute("return ids(make([130, 46, 47, 48, 49, 50]))")


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([130], "begun"),
        ([130, 60], "fast"),
        ([130, 60, 50, 49.4, 48.9, 48.4], "slow"),
        ([130, 60, 48.1, 48, 48.1, 48], "settled"),
        ([130, 48, 49, 50, 51], "worse"),
    ],
)
def test_the_pace_is_the_last_sentence(costs, expected, compute):
    assert compute("return ids(make(given[0]))", costs)[-1] == expected


def test_before_the_first_step_and_in_the_first_epoch(compute):
    before, after = (
        compute("return list(make([130]), { step: given[0] })", step)[0]["text"]
        for step in (0, 3)
    )
    assert "random" in before and "begun" in after


def test_there_are_at_most_three_and_all_texts_are_short(compute):
    everything = """
    const all = changed((record) => {
      held({ active: 0, kl: 0.001, nll: 135.8,
             dead: [{ name: "encoder 1", units: 64, dead: 64 }] })(record);
      if (record.trained) record.trained.loss = 0.1;
      record.training.nll += 90;
    });
    return list(all)"""
    found = compute(everything)
    assert [each["id"] for each in found][:1] == ["loss"] and len(found) == 3
    for script, _ in CASES.values():
        found += compute(f"return {script.replace('ids(', 'list(', 1)}")
    for each in found:
        text = each["text"]
        assert len(re.findall(r"[.:] [A-Z]", text)) <= 2 and len(text.split()) <= 45
        assert not re.search(r"undefined|NaN(?! or)|null|-\d", text)
        assert (each["chapter"] is None) == (each["link"] is None)
        if each["chapter"]:
            assert (ROOT / f"{each['chapter']}.ipynb").exists()


REAL = {  # settings of a run on 1,000 digits → what is found at its end, without pace
    "correct": ("{}", set()),
    "ten": ("{ latentDim: 10 }", set()),
    "warm": ("{ warmUp: 4 }", set()),
    "collapsed": ("{ beta: 30 }", {"collapse"}),
    "mean": ("{ bugs: ['meanOverPixels'] }", {"loss", "collapse"}),
    "half": ("{ bugs: ['forgottenHalf'] }", {"loss"}),
    "dimensions": ("{ bugs: ['meanOverDimensions'] }", {"loss"}),
    "noise": ("{ bugs: ['samplingOff'] }", {"scoring"}),
    "noise2": ("{ bugs: ['sigmaForLogVar'] }", {"scoring"}),
    "sigmoid": ("{ bugs: ['sigmoidTwice'], beta: 2 }", {"coin", "collapse"}),
    "bytes": ("{ bugs: ['bytes'] }", {"negative"}),
    "ae": ("{ mode: 'ae' }", {"autoencoder"}),
    "steps": ("{ learningRate: 0.3 }", {"uselessKl", "deadLayer"}),
}


@pytest.mark.parametrize("name", REAL)
def test_real_runs(name, compute):
    settings, expected = REAL[name]
    found = compute(f"""
    const settings = {{ learningRate: 0.005, batchSize: 20, ...{settings} }};
    const {{ data, epochs, failure }} = trainRun({{ settings, epochs: 8 }});
    return list(epochs, {{ settings, data: {{ ...data, training: 0, heldOut: 0 }} }});
    """)
    ids = [each["id"] for each in found]
    assert set(ids) - PACES == expected
    # How fast it improves is said of runs with which nothing is wrong.
    right = not expected & {"collapse", "uselessKl", "scoring", "coin", "negative"}
    assert [name in PACES for name in ids[-1:]] == [right]


def test_an_autoencoder_has_no_elbo(compute):
    rising = "make([130, 50, 46, 47, 48, 49, 50])"
    fell = f"changed(({{ training, epoch }}) => (training.nll = 46 - epoch), {rising})"
    for mode, expected in (("ae", False), ("vae", True)):
        found = compute(f"return list({fell}, {{ settings: {{ mode: '{mode}' }} }})")
        texts = [each["text"] for each in found if each["id"] != "autoencoder"]
        assert len(texts) == 1 and all(("ELBO" in text) == expected for text in texts)


def test_points_are_not_called_images(compute):
    script = """
    const settings = { learningRate: 0.005, batchSize: 50, sigma: 0.9 };
    const { data, epochs } = trainRun({ data: "ring", settings, epochs: 20 });
    return list(epochs, { settings, data: { ...data, training: 0, heldOut: 0 } });"""
    found = compute(script)
    assert found[0]["id"] == "collapse" and "every point" in found[0]["text"]
