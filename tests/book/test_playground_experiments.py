"""The guided experiments: their parts, what they conclude, and the guide itself."""

import base64
import re
from pathlib import Path

import numpy as np
import pytest
from guide_page import read_digits, write_guide
from playground_page import run
from selenium.webdriver.common.keys import Keys

from vae_utils.playground import data

ROOT = Path(__file__).parents[2]
IDS = ["collapse", "quiz", "dimensions", "holes", "seeds", "units", "rate", "ring"]
SPEED = 8000  # images a second, that a reader's machine trains
SECONDS = 25
IMAGES = {"digits": 4000, "ring": 1000}  # of an epoch in the book
BUGS = {"meanOverPixels", "meanOverDimensions", "forgottenHalf", "sigmaForLogVar"}
BUGS |= {"samplingOff", "sigmoidTwice", "bytes"}

# Results as the page makes them, with any last score.
MADE = """
const experiment = (id) => P.EXPERIMENTS.find((each) => each.id === id);
const make = (score = {}, more = {}) => ({
  label: "made", data: P.getData("digits"), settings: {}, failure: null,
  epochs: [{ epoch: 8, heldOut: { nll: 46, kl: 2, active: 2, dead: [
    { name: "encoder 1", units: 64, dead: 1 },
  ], ...score } }],
  last: { sigma: 0.5, codes: null, weights: null }, ...more,
});
const failed = () => make({ nll: NaN }, { failure: { step: 3, term: "nll" } });
const concludeOf = (id, results) => experiment(id).rounds[0].conclude(results);
const map = (key, count = 300) => ({
  count, means: P.makeGenerator(key).fillNormal(new Float32Array(2 * count)),
});
const turn = ({ means, count }, angle, scale = 1, mirror = 1) => ({
  count,
  means: means.map((value, i) => {
    const [x, y] = i % 2 ? [means[i - 1], value] : [value, means[i + 1]];
    return 3 + scale * (i % 2
      ? mirror * (x * Math.sin(angle) + y * Math.cos(angle))
      : x * Math.cos(angle) - y * Math.sin(angle));
  }),
});
"""

# A page whose runs are made up, and end when `runs[i].end(result)` is called.
GUIDE = """
const records = (i) => ({ epoch: i, heldOut: { nll: 46, kl: 2, active: 2, dead: [] },
  training: { nll: 46, kl: 2 }, trained: { nll: 46, kl: 2, loss: 48 } });
window.runs = [];
window.stops = 0;
window.finish = (active) => runs.at(-1).end({
  data: P.getData("digits"), failure: null, last: { sigma: 0.1 },
  epochs: [{ ...records(8), heldOut: { ...records(8).heldOut, active } }],
});
P.makeEvidence = () => ({ // has a test of its own
  node: document.createElement("div"),
  clear() {},
  add: () => ({ show() {}, finish() {} }),
});
const guide = P.makeGuide({
  run: (asked) => new Promise((end, refuse) => runs.push({ ...asked, end, refuse })),
  stop() {
    window.stops++;
    runs.at(-1).refuse(Object.assign(new Error("Stopped"), { name: "Stopped" }));
  },
  reveal() {},
  leave() {},
  linkTo: (page, text) =>
    VAEBook.elements.make("a", { href: `../${page}.html` }, text),
});
const room = document.querySelector(".vae-widget");
room.replaceChildren(guide);
return guide.querySelectorAll("li").length;
"""


@pytest.fixture(scope="module")
def browser(open_browser, tmp_path_factory):
    opened = open_browser(390, 800)
    opened.get(write_guide(tmp_path_factory.mktemp("guide")))
    return opened


@pytest.fixture
def compute(browser):
    """Runs JavaScript after that of `MADE`, and returns what it returns."""
    return lambda script, *arguments: run(browser, MADE + script, *arguments)


def test_each_experiment_has_its_parts(compute):
    found = compute("return JSON.parse(JSON.stringify(P.EXPERIMENTS))")
    assert [each["id"] for each in found] == IDS
    for each in found:
        assert (ROOT / f"{each['chapter']}.ipynb").exists() and each["link"]
        assert each["title"] and len(each["lesson"].split()) <= 40
        for one in each["rounds"]:
            assert 0 < len(one["task"].split()) <= 60 and one["runs"]
            assert len(set(one["choices"])) == len(one["choices"]) > 1
            assert all(0 < len(text.split()) <= 8 for text in one["choices"])


def test_none_takes_longer_than_a_minute(compute):
    script = """
    return P.EXPERIMENTS.flatMap(({ rounds }) =>
      rounds.map(({ runs }) => runs.map(({ data, epochs }) => [data, epochs])))"""
    for runs in compute(script):
        images = sum(IMAGES[data] * epochs for data, epochs in runs)
        assert images / SPEED <= SECONDS


def test_the_settings_of_all_runs_are_accepted(compute):
    script = """
    for (const { rounds } of P.EXPERIMENTS)
      for (const { data, settings } of rounds.flatMap(({ runs }) => runs))
        P.complete({ ...P.getData(data).settings, ...settings });
    return true"""
    assert compute(script) is True


OUTCOMES = [  # experiment, results → the index of the choice that is right
    ("collapse", "[0, 0, 0, 0].map((active) => make({ active }))", 0),
    ("collapse", "[2, 0, 0, 0].map((active) => make({ active }))", 1),
    ("collapse", "[2, 1, 0, 0].map((active) => make({ active }))", 2),
    ("collapse", "[2, 2, 1, 0].map((active) => make({ active }))", 3),
    ("collapse", "[2, 2, 1, 1].map((active) => make({ active }))", 4),
    ("collapse", "[failed(), ...[1, 0, 0].map((active) => make({ active }))]", 2),
    ("dimensions", "[make({ nll: 40 }), make({ nll: 42 })]", 0),
    ("dimensions", "[make({ nll: 42 }), make({ nll: 40 })]", 1),
    ("dimensions", "[make({ nll: 42, kl: 2 }), make({ nll: 40, kl: 3.5 })]", 2),
    ("dimensions", "[make(), failed()]", 0),
    ("dimensions", "[failed(), failed()]", 2),
    ("holes", "[failed(), failed()]", 2),
    ("rate", "[60, 50, 55, 70].map((nll) => make({ nll }))", 1),
    ("rate", "[60, 50, 55, 40].map((nll) => make({ nll }))", 3),
    ("rate", "[failed(), failed(), make(), failed()]", 2),
    ("rate", "[failed(), failed(), failed(), failed()]", 4),
    ("units", "[{}, {}, { nll: 90 }, { nll: 90 }].map((each) => make(each))", 0),
    ("units", "[46, 90, 46.3, 46.4].map((nll) => make({ nll }))", 1),
    ("units", "[46, 90, 90, 46.4].map((nll) => make({ nll }))", 2),
    ("units", "[46, 90, 90, 50].map((nll) => make({ nll }))", 3),
    ("units", "[failed(), make(), make(), make()]", 3),
]


@pytest.mark.parametrize(("name", "results", "right"), OUTCOMES)
def test_each_outcome_has_its_choice(name, results, right, compute):
    found = compute(f"return concludeOf('{name}', {results})")
    count = compute(f"return experiment('{name}').rounds[0].choices.length")
    assert found["right"] == right < count
    assert not re.search(r"undefined|null|NaN|-\d", found["text"])
    assert ("Training failed" in found["text"]) == ("failed()" in results)


@pytest.mark.parametrize(
    ("costs", "maps", "right"),
    [
        ([46, 46.5, 46.2], "[a, turn(a, 2, 1.2, -1), turn(a, 1)]", 0),
        ([46, 46.5, 46.2], "[a, turn(a, 2), map(9)]", 1),
        ([46, 47.5, 46.2], "[a, turn(a, 2, 1, -1), turn(a, 1)]", 2),
        ([46, 47.5, 46.2], "[a, map(8), map(9)]", 3),
    ],
)
def test_seeds_by_numbers_and_maps(costs, maps, right, compute):
    script = f"""
    const a = map(7), maps = {maps};
    return concludeOf("seeds", given[0].map((nll, i) =>
      make({{ nll }}, {{ last: {{ codes: maps[i] }} }})))"""
    assert compute(script, costs)["right"] == right


@pytest.mark.parametrize(
    ("sigmas", "right"), [([0.1, 0.1], 0), ([0.1, 0.7], 1), ([0.7, 0.1], 2)]
)
def test_ring_by_where_sigma_ends(sigmas, right, compute):
    script = """
    return concludeOf("ring", given[0].map((sigma) => make({ nll: 1, kl: 0.5 },
      { label: "σ", data: P.getData("ring"), last: { sigma } })))"""
    found = compute(script, sigmas)
    assert found["right"] == right and "The ring's noise is 0.10" in found["text"]


def test_maps_that_do_not_vary_fit_nothing(compute):
    script = """
    const flat = { count: 9, means: new Float32Array(18) };
    return P.measures.compareMaps(flat, map(1, 9))"""
    assert compute(script) == 0


def test_the_closest_image_is_that_of_numpy(compute):
    held_out = read_digits("t10k").reshape(-1, 196) / 255
    pictures = np.random.default_rng(0).uniform(0.01, 0.99, (5, 196))
    script = """return P.measures.costOfClosest(
      Float64Array.from(given[0]), 196, P.getData("digits").heldOut)"""
    found = compute(script, pictures.ravel().tolist())
    logs = np.log(pictures), np.log1p(-pictures)
    costs = -(held_out @ logs[0].T + (1 - held_out) @ logs[1].T)
    assert found == pytest.approx(costs.min(0).mean(), rel=1e-9)


def test_holes_on_real_runs_both_ways(compute):
    """What is right goes with the run that has the lower cost, not with its place."""
    script = """
    const { rounds: [{ runs, conclude }] } = experiment("holes");
    const results = runs.map((each) =>
      trainRun({ ...each, settings: { ...each.settings, batchSize: 20 }, epochs: 10 }));
    return [conclude(results), conclude(results.reverse())]"""
    ways = compute(script)
    assert [each["right"] for each in ways] == [1, 0]
    assert all(len(each["text"].split()) <= 50 for each in ways)


@pytest.mark.parametrize("name", sorted(set(IDS) - {"quiz", "holes"}))
def test_real_runs_are_concluded(name, compute):
    script = f"""
    const {{ rounds: [{{ runs, conclude, choices }}] }} = experiment("{name}");
    const results = runs.map((each) => trainRun({{ ...each, epochs: 2 }}));
    return {{ ...conclude(results), count: choices.length }}"""
    found = compute(script)
    assert 0 <= found["right"] < found["count"]
    assert 5 < len(found["text"].split()) <= 50
    assert not re.search(r"undefined|null|NaN|-\d", found["text"])


def test_the_mean_over_pixels_is_a_beta_of_196(compute):
    script = """
    const { rounds: [{ runs, conclude }] } = experiment("units");
    return conclude(runs.map((each) => trainRun({ ...each, epochs: 8 })))"""
    assert compute(script)["right"] == 2


def test_a_quiz_depends_on_its_seed_only(compute):
    script = """
    return Array.from({ length: 60 }, (_, seed) => P.makeQuiz(seed % 30).rounds.map(
      ({ runs: [{ settings, secret, label }], choices, task, conclude }) =>
        [settings.bugs[0] ?? "none", secret, label + task + choices.join()]))"""
    found = compute(script)
    assert found[:30] == found[30:]
    drawn = [[bug for bug, _, _ in quiz] for quiz in found[:30]]
    assert {bug for quiz in drawn for bug in quiz} == BUGS | {"none"}
    assert all(len(set(quiz)) == 5 for quiz in drawn)
    assert len({tuple(quiz) for quiz in drawn}) > 20
    for quiz in found:  # what the reader sees is the same whatever the bug
        assert all(
            secret and not any(bug in text for bug in BUGS) for _, secret, text in quiz
        )
    texts = {tuple(text for _, _, text in quiz) for quiz in found}
    assert len(texts) == 1


def test_each_bug_gives_itself_away_and_no_other(compute):
    script = """
    const rounds = new Map(); // one with each bug
    for (let seed = 0; rounds.size < given[0]; seed++)
      for (const round of P.makeQuiz(seed).rounds)
        rounds.set(round.runs[0].settings.bugs[0] ?? "none", round);
    return [...rounds].map(([bug, { runs: [one], conclude }]) => {
      const settings = { ...one.settings, learningRate: 0.01, batchSize: 20 };
      const result = trainRun({ ...one, settings, epochs: 6 });
      const shown = P.QUIZ_KINDS.flatMap(({ bugs, shows }, i) =>
        shows(result.epochs.at(-1), P.complete(settings)) ? [[i, bugs]] : []);
      return [bug, conclude([result]), shown];
    })"""
    for bug, found, shown in compute(script, len(BUGS) + 1):
        ((index, bugs),) = shown
        assert found["right"] == index and (bug if bug != "none" else None) in bugs
        assert "hardly" not in found["text"] and len(found["text"].split()) <= 50
        assert re.search(r"\d", found["text"])
        assert not re.search(r"undefined|null|NaN|-\d", found["text"])


class Guide:
    """The guide in the browser, as a reader finds it."""

    def __init__(self, browser):
        self.browser = browser
        assert run(browser, GUIDE) == len(IDS)

    def do(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def press(self, *keys):
        for key in keys:
            self.browser.switch_to.active_element.send_keys(key)

    @property
    def focus(self):
        return self.do(
            "const e = document.activeElement;"
            "return e.type === 'radio' ? e.parentNode.textContent : e.textContent"
        )

    @property
    def text(self):
        return self.do("return document.querySelector('.vp-panel')?.innerText ?? ''")

    @property
    def said(self):
        return self.do("return document.querySelector('[role=status]').textContent")

    def button(self, text):
        """Finds a button that can be seen; returns whether it can be pressed."""
        script = """
        const all = [...document.querySelectorAll(".vp-panel button")];
        const found = all.find((e) => e.textContent === arguments[0] && e.offsetParent);
        return found ? !found.disabled : null"""
        return self.do(script, text)

    def click(self, text):
        script = """
        const all = [...document.querySelectorAll("button, label")];
        const isIt = (e) => e.textContent.startsWith(arguments[0]) && e.offsetParent;
        all.find(isIt).click();
        """
        self.do(script, text)

    def finish(self, *active):
        """Ends runs, one after another, with so many active dimensions."""
        for each in active:
            self.browser.execute_async_script(
                "finish(arguments[0]); setTimeout(arguments[1])", each
            )


@pytest.fixture
def guide(browser):
    return Guide(browser)


def test_an_experiment_by_keyboard(guide):
    guide.do("document.querySelector('.vp-experiment').focus()")
    guide.press(Keys.ENTER, Keys.TAB, Keys.SPACE)
    assert guide.focus == "β = 2" and guide.button("Predict and run") is True
    guide.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.TAB)
    assert guide.focus == "Predict and run"
    guide.press(Keys.ENTER)
    assert guide.focus == "Stop" and guide.button("Predict and run") is None
    assert "Run 1 of 4: β = 2, starting" in guide.text
    guide.do("runs.at(-1).told({ epoch: 3 })")
    assert "Run 1 of 4: β = 2, epoch 4 of 8" in guide.text
    assert guide.said == "Run 1 of 4: β = 2, starting"  # not every epoch is said
    guide.finish(2, 2, 0, 0)
    assert "✓ Right: β = 8." in guide.focus
    assert "2 at β = 4 (kl 2.00), 0 at β = 8 (kl 2.00)" in guide.focus
    assert "posterior collapse" in guide.focus and guide.said == "Right."
    assert guide.do("return document.querySelector('.vp-conclusion a').href").endswith(
        "notebooks/07_loss_units.html"
    )
    guide.press(Keys.TAB, Keys.TAB)
    assert guide.focus == "Next experiment"
    ticks = "return [...document.querySelectorAll('.vp-tick')].map((e) => !e.hidden)"
    assert guide.do(ticks) == [True] + 7 * [False]
    guide.press(Keys.ENTER)
    assert guide.focus.startswith("Which bug is on?")


def test_a_wrong_prediction(guide):
    guide.click("When does")
    guide.click("β = 4")
    guide.click("Predict")
    guide.finish(2, 2, 2, 2)
    expected = "✗ You expected: β = 4. The runs showed: None of them."
    assert expected in guide.focus


def test_nothing_runs_without_a_choice(guide):
    guide.click("When does")
    assert guide.button("Predict and run") is False
    guide.click("Predict")
    assert guide.do("return runs.length") == 0


def test_what_a_run_gets(guide):
    guide.click("When does")
    guide.click("β = 4")
    guide.click("Predict")
    (asked,) = guide.do(
        "return runs.map(({ told, shown, end, refuse, ...rest }) => rest)"
    )
    settings = {"learningRate": 0.005, "batchSize": 50, "beta": 2}
    expected = {"data": "digits", "epochs": 8, "label": "β = 2", "secret": False}
    assert asked == {"settings": settings, **expected}


def test_stop_and_start_again(guide):
    guide.click("When does")
    guide.click("β = 8")
    guide.click("Predict")
    guide.finish(2)
    guide.click("Stop")
    assert "Stopped before the end" in guide.text and guide.text.endswith(guide.said)
    assert guide.focus == "Predict and run" and guide.do("return stops") == 1
    guide.press(Keys.ENTER)
    guide.finish(2, 2, 0, 0)
    assert "✓ Right: β = 8." in guide.focus


def test_an_error_is_said(guide):
    guide.click("When does")
    guide.click("β = 8")
    guide.click("Predict")
    guide.do("runs.at(-1).refuse(new Error('No data here.'))")
    guide.finish()
    assert "That did not work: No data here." in guide.text
    assert guide.button("Predict and run") is True


def test_another_experiment_ends_the_run(guide):
    guide.click("When does")
    guide.click("β = 8")
    guide.click("Predict")
    guide.click("Three seeds")
    assert guide.do("return stops") == 1
    assert guide.do("return document.querySelectorAll('.vp-panel').length") == 1
    assert "differ in their seed only" in guide.text and "Stopped" not in guide.text
    script = "return [...document.querySelectorAll('[aria-expanded=true]')]"
    assert [each.text for each in guide.do(script)] == ["Three seeds"]
    guide.click("Three seeds")
    assert guide.text == "" and guide.do(script) == []


def test_a_quiz_has_a_score_and_hides_its_runs(guide):
    """The reader always says "No bug"; each run looks like one without."""
    guide.click("Which bug")
    found = 0
    for number in range(1, 6):
        assert guide.button("Run") is True and guide.button("Answer") is None
        assert guide.do("return document.querySelector('.vp-panel fieldset').disabled")
        guide.click("Run")
        assert f"Run 1 of 1: network {number}" in guide.text
        guide.finish(2)
        assert "The training loop reports" in guide.text and guide.focus == "No bug"
        assert guide.button("Answer") is False
        guide.click("No bug")
        guide.click("Answer")
        found += guide.focus.startswith("✓")
        guide.press(Keys.TAB)
        if number < 5:
            guide.click("Next")
    assert f"You found {found} of 5." in guide.text
    assert guide.do("return runs.every(({ secret }) => secret)")


def test_it_fits_a_phone_and_has_no_errors(guide, browser):
    for index in range(len(IDS)):
        guide.do(
            "document.querySelectorAll('.vp-experiment')[arguments[0]].click()", index
        )
        width = guide.do("return document.documentElement.scrollWidth")
        assert width <= guide.do("return innerWidth")
    errors = [each for each in browser.get_log("browser") if each["level"] == "SEVERE"]
    assert errors == []


def test_what_two_dimensions_save_before_the_first_experiment(compute):
    sets = [
        base64.b64encode((each.levels * (255 / (data.LEVELS - 1))).astype(np.uint8))
        for each in data.take_examples("digits")
    ]
    script = """
    const [training, heldOut] = arguments[0].map((text) => {
      const values = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
      return { values, count: values.length / 196 };
    });
    const { runs } = P.EXPERIMENTS.find(({ id }) => id === "collapse").rounds[0];
    const [{ settings, epochs }] = runs;
    return [1, 16].map((beta) => {
      const complete = P.complete({ ...settings, beta });
      const trainer = P.makeTrainer(complete, { training, heldOut });
      const steps = epochs * Math.floor(training.count / complete.batchSize);
      while (trainer.step < steps) trainer.train();
      return trainer.snapshot({ codes: 1 }).epochs.at(-1).heldOut;
    });
    """
    with_code, without = compute(script, [each.decode() for each in sets])
    assert with_code["active"] == 2 and without["active"] == 0
    saved = without["nll"] - with_code["nll"]
    assert saved > 3 * with_code["kl"]  # "several times what they cost"


def test_what_is_said_about_steps_before_the_experiment_on_rates(compute):
    script = """
    const { task, runs } = P.EXPERIMENTS.find(({ id }) => id === "rate").rounds[0];
    const [{ data, settings, epochs }] = runs;
    const complete = P.complete(settings);
    const { weights } = P.makeTrainer(complete, P.getData(data)).snapshot({ codes: 1 });
    const drawn = weights.filter((weight) => weight !== 0);
    const size = Math.sqrt(drawn.reduce((s, w) => s + w * w, 0) / drawn.length);
    return { task, size, epochs, batch: complete.batchSize };
    """
    found = compute(script)
    steps = found["epochs"] * IMAGES["digits"] // found["batch"]
    assert f"{steps} steps" in found["task"]
    assert round(found["size"], 1) == 0.1 and "about 0.1 in size" in found["task"]


def test_results_are_shown_next_to_each_other(open_browser, tmp_path):
    opened = open_browser(390, 800)
    opened.get(write_guide(tmp_path))
    script = """
    P.classColours = ["#ff0000", "#0000ff"];
    const evidence = P.makeEvidence();
    document.body.append(evidence.node);
    const runs = [["one", { latentDim: 1 }], ["ae", { mode: "ae" }]].map(
      ([label, settings]) => trainRun({ label, settings, epochs: 1 }));
    runs.push(trainRun({ label: "ring", data: "ring", settings: {}, epochs: 1 }));
    for (const run of runs) {
      run.data.heldOut.labels ??= new Uint8Array(1000);
      evidence.add(run.label).finish(run);
    }
    return [...evidence.node.querySelectorAll("figure")].map((figure) => {
      const map = figure.querySelector(".vp-small-map");
      const pen = map.getContext("2d");
      const pixels = pen.getImageData(0, 0, map.width, map.height);
      const red = pixels.data.filter((v, i) => i % 4 === 0 && v > 200).length;
      const seen = [...figure.querySelectorAll("canvas")].filter((c) => !c.hidden);
      return [figure.innerText, red > 20, seen.length,
        P.measures.sayNats(runs[0].epochs.at(-1).heldOut.nll)];
    });
    """
    one, plain, ring = run(opened, script)
    assert one[0].startswith(f"one: nll {one[3]} + kl ") and plain[0].startswith(
        "ae: nll "
    )
    assert "kl" not in plain[0]
    assert [each[1] for each in (one, plain, ring)] == [True] * 3
    assert [each[2] for each in (one, plain, ring)] == [2, 2, 1]


def test_a_run_is_shown_while_it_trains_and_its_closest_images_at_the_end(
    open_browser, tmp_path
):
    opened = open_browser(390, 800)
    opened.get(write_guide(tmp_path))
    script = """
    P.classColours = ["#ff0000", "#0000ff"];
    const result = trainRun({ label: "ae", settings: { mode: "ae" }, epochs: 1 });
    result.data.heldOut.labels ??= new Uint8Array(1000);
    const evidence = P.makeEvidence(true);
    const figure = evidence.add("ae");
    document.body.append(evidence.node);
    const [map, pictures] = evidence.node.querySelectorAll("canvas");
    const look = () => [map, pictures].map((canvas) => canvas.toDataURL());
    const before = look();
    const { data, settings, last, epochs } = result;
    figure.show({ data, settings: P.complete({ ...data.settings, ...settings }),
      snapshot: last, records: epochs, model: P.measures.rebuild(result) });
    const during = look();
    const words = evidence.node.innerText;
    figure.finish(result);
    const after = look();
    const pen = pictures.getContext("2d");
    const side = data.side;
    const ink = (row) => pen.getImageData(0, row * (side + 1), side, side).data
      .filter((v, i) => i % 4 === 0);
    const images = Array.from({ length: data.heldOut.count }, (_, i) =>
      data.heldOut.values.slice(i * side * side, (i + 1) * side * side));
    const isImage = (values) =>
      images.some((image) => image.every((v, i) => Math.abs(v - values[i]) <= 1));
    return {
      words,
      map: before[0] !== during[0] && during[0] === after[0],
      pictures: during[1] !== after[1],
      rows: [isImage(ink(0)), isImage(ink(1))],
      label: pictures.getAttribute("aria-label"),
    };
    """
    seen = run(opened, script)
    assert seen["words"].strip() == "ae"
    assert seen["map"] and seen["pictures"]
    assert seen["rows"] == [False, True]
    assert "closest held-out image" in seen["label"]
