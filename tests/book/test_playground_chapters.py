"""What chapters say of networks that train in their pages holds for those networks."""

from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from playground_page import run, write_engine

from vae_utils.playground import make_data_script, page
from vae_utils.playground.scripts import FOLDER

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TRAIN = """
const [settings, epochs] = given;
const data = P.getData("digits");
const trainer = P.makeTrainer({ ...data.settings, ...settings }, data);
const steps = Math.floor(data.training.count / trainer.settings.batchSize);
return epochs.map((epoch) => {
  while (trainer.step < epoch * steps) trainer.train();
  const { codes, epochs: records, failure } = trainer.snapshot({ codes: 500 });
  const edge = Math.max(...codes.means.map(Math.abs));
  const { heldOut, trained } = records.at(-1);
  return { failure, edge, loss: trained.loss, ...heldOut };
});
"""


@pytest.fixture(scope="module")
def opened(open_browser, tmp_path_factory):
    """A page with the engine, and the digits that a cell's output carries."""
    browser = open_browser(400, 400)
    browser.get(write_engine(tmp_path_factory.mktemp("chapters")))
    data = make_data_script("digits", page.TRAINING, page.HELD_OUT)
    script = (FOLDER / "view" / "data.js").read_text("utf-8") + data
    browser.execute_script(f"window.eval({script!r})")
    return browser


def read_runs(chapter):
    """Returns the settings of the networks that a chapter's page trains."""
    notebook = nbformat.read(NOTEBOOKS / f"{chapter}.ipynb", as_version=4)
    (source,) = (cell.source for cell in notebook.cells if cell.id == "live")
    found = []
    show = SimpleNamespace(
        show_playground=lambda *runs, **_: found.extend(runs or [{}])
    )
    exec(compile(source, chapter, "exec"), {"playground": show})
    return [
        {k: v for k, v in run.items() if k not in ("title", "fixed")} for run in found
    ]


def train(opened, settings, *epochs):
    """Returns what is scored after some epochs of a network."""
    return run(opened, TRAIN, settings, epochs)


def test_01_the_autoencoder_spreads_without_end(opened):
    plain, vae = read_runs("01_theory")
    edges = [
        [each["edge"] for each in train(opened, s, 20, 50, 100)] for s in (plain, vae)
    ]
    assert edges[0][2] > 1.1 * edges[0][1] > 1.1 * edges[0][0]
    assert max(edges[1]) < 1.2 * min(edges[1]) and max(edges[1]) < 6
    assert edges[0][0] > 2 * edges[1][0]


def test_02_rates_that_are_too_small_and_too_large(opened):
    (settings,) = read_runs("02_fc_vae")
    (good,) = train(opened, settings, 10)
    (small,) = train(opened, {**settings, "learningRate": 1e-4}, 10)
    assert small["nll"] + small["kl"] > good["nll"] + good["kl"] + 30
    (large,) = train(opened, {**settings, "learningRate": 0.5}, 10)
    assert large["failure"] is None and large["active"] == 0
    assert large["dead"][0] == {"name": "encoder 1", "units": 64, "dead": 64}


def test_07_a_mean_is_a_beta(opened):
    right, wrong = read_runs("07_loss_units")
    (sums,), (means,) = train(opened, right, 20), train(opened, wrong, 20)
    assert means["active"] == 0 and means["kl"] < 0.01 < 1 < sums["kl"]
    (repaired,) = train(opened, {**wrong, "beta": 0.005}, 20)
    for name in ("nll", "kl"):
        assert repaired[name] == pytest.approx(sums[name], rel=0.05)
    assert sums["loss"] / repaired["loss"] == pytest.approx(196, rel=0.02)
