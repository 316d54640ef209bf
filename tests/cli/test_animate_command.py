"""`animate`: animations of what a run kept after every epoch."""

import imageio.v3 as iio
import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import animation, cli
from vae_utils.cli import animate as command
from vae_utils.cli.parser import make_parser
from vae_utils.runs import RunError, animations, loading


def animate(*arguments):
    return cli.main(["animate", *map(str, arguments)])


def count_frames(path):
    return iio.improps(path, index=None, plugin="pillow").n_images


def test_options_offer_what_the_package_has():
    asked = make_parser().parse_args(["animate", "runs/this"])
    assert (asked.seconds, asked.size) == (animation.SECONDS, animation.SIZE)
    assert command.ANIMATIONS == tuple(animations.ANIMATIONS) == tuple(animations.TIMES)
    assert command.FORMATS == tuple(animations.WRITERS)
    assert command.TIMES == tuple(animations.MOST_FRAMES)


def test_train_animates_two_dimensions(shared_run):
    run = shared_run("vae")
    for name in ("spread", "canvas"):
        path = run.figures / f"{name}.gif"
        assert count_frames(path) == 3  # the last comes first, too
        poster = iio.imread(run.figures / f"{name}_poster.png")
        assert poster.shape[:2] == iio.imread(path, index=0).shape[:2] == (360, 360)
    assert not (run.figures / "reconstructions.gif").exists()


def test_animate_draws_what_is_asked_for(shared_run, tmp_path, capsys):
    target = tmp_path / "films"
    small = ["--size", "200", "--seconds", "1.5", "--output-dir", target]
    names = ["--animation", "reconstructions", "grid"]
    assert animate(shared_run("vae").path, *small, *names) == 0
    names = ["reconstructions.gif", "reconstructions_poster.png"]
    names += ["canvas.gif", "canvas_poster.png"]
    assert capsys.readouterr().out.split() == [str(target / name) for name in names]
    assert sorted(path.name for path in target.iterdir()) == sorted(names)
    assert iio.imread(target / "canvas.gif", index=0).shape[:2] == (200, 200)


def test_animate_draws_all_that_there_are_snapshots_for(copy_run):
    run = copy_run("wide")
    assert animate(run.path) == 0
    assert {path.name for path in run.figures.glob("reconstructions*")} == {
        "reconstructions.gif",
        "reconstructions_poster.png",
    }
    assert not list(run.figures.glob("canvas*"))


def test_animate_writes_videos(shared_run, tmp_path):
    where = ["--output-dir", tmp_path, "--format", "mp4"]
    assert animate(shared_run("vae").path, "--animation", "scatter", *where) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "spread.mp4",
        "spread_poster.png",
    }


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("wide", "--animation scatter", "two latent dimensions. Received: wide, scat"),
        ("learned", "", "unless --no-viz is given. Received: learned, a run without"),
        ("project_nocty-chan", "", "Received: project_nocty-chan, a run without"),
        ("classifier", "", "Received: classifier, a run without snapshots"),
    ],
)
def test_missing_snapshots_are_refused(name, options, sentence, shared_run, refuse):
    run = name if name.startswith("project_") else shared_run(name).path
    assert sentence in refuse("animate", run, *options.split(), code=1)


def test_an_unknown_animation_is_refused(shared_run, tmp_path):
    run = loading.find(str(shared_run("vae").path))
    request = animations.Request(names=("film",))
    with pytest.raises(RunError, match="scatter, grid, reconstructions"):
        list(animations.animate(run, request, tmp_path))


def test_long_training_is_animated_in_some_of_its_epochs(shared_run):
    run = loading.find(str(shared_run("vae").path))
    rng = np.random.default_rng(0)
    arrays = {
        "epochs": np.arange(1, 301),
        "input": np.zeros((2, 8, 8), np.uint8),
        "reconstructions": rng.integers(0, 255, (300, 2, 8, 8)).astype(np.uint8),
    }
    for time, most in animations.MOST_FRAMES.items():
        request = animations.Request(size=150, time=time)
        frames = animations.draw("reconstructions", arrays, run, request)
        assert 0.8 * most <= len(frames) <= most


def test_animating_leaves_no_figure_open(shared_run, tmp_path):
    before = plt.get_fignums()
    run = loading.find(str(shared_run("vae").path))
    list(animations.animate(run, animations.Request(), tmp_path))
    assert plt.get_fignums() == before
