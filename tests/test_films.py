import imageio.v3 as iio
import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import animation, cli
from vae_utils.cli import options
from vae_utils.runs import RunError, RunFolder, films, loading
from vae_utils.training import snapshots

QUICK = ["--sample", "--updates-per-epoch", "2", "--quiet", "--hidden", "16"]


def train(folder, *more, code=0):
    where = ["--output-dir", str(folder)]
    assert cli.main(["train", *QUICK, "--epochs", "3", *where, *more]) == code
    return RunFolder(folder)


def animate(*arguments):
    return cli.main(["animate", *map(str, arguments)])


def count_frames(path):
    return iio.improps(path, index=None, plugin="pillow").n_images


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(tmp_path_factory.mktemp("films") / "run")


def test_options_start_from_the_packages_own():
    asked = options.make_parser().parse_args(["animate", "runs/this"])
    assert (asked.seconds, asked.size) == (animation.SECONDS, animation.SIZE)


def test_train_films_a_plane(run):
    for name in ("spread", "canvas"):
        path = run.figures / f"{name}.gif"
        assert count_frames(path) == 4  # the last comes first, too
        poster = iio.imread(run.figures / f"{name}_poster.png")
        assert poster.shape[:2] == iio.imread(path, index=0).shape[:2] == (360, 360)
    assert not (run.figures / "reconstructions.gif").exists()


def test_train_films_nothing_else(tmp_path):
    wide = train(tmp_path / "wide", "--latent-dim", "3")
    assert not list(wide.figures.glob("*.gif"))
    without = train(tmp_path / "without", "--no-viz")
    assert not without.figures.exists()


def test_animate_films_what_is_asked_for(run, tmp_path, capsys):
    target = tmp_path / "films"
    small = ["--size", "200", "--seconds", "1.5", "--output-dir", target]
    assert animate(run.path, *small, "--film", "reconstructions", "canvas") == 0
    names = ["reconstructions.gif", "reconstructions_poster.png"]
    names += ["canvas.gif", "canvas_poster.png"]
    assert capsys.readouterr().out.split() == [str(target / name) for name in names]
    assert sorted(path.name for path in target.iterdir()) == sorted(names)
    assert iio.imread(target / "canvas.gif", index=0).shape[:2] == (200, 200)


def test_animate_makes_videos(run, tmp_path):
    where = ["--output-dir", tmp_path, "--format", "mp4"]
    assert animate(run.path, "--film", "spread", *where) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "spread.mp4",
        "spread_poster.png",
    }


def test_an_interrupted_training_can_be_filmed(tmp_path, monkeypatch):
    whole = train(tmp_path / "whole")
    written = snapshots.Snapshots.on_epoch_end

    def stop(self, epoch, logs=None):
        written(self, epoch, logs)
        if epoch == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(snapshots.Snapshots, "on_epoch_end", stop)
    part = train(tmp_path / "part", code=130)
    assert not part.snapshots.exists()
    kept, all_kept = snapshots.read(part.path), snapshots.read(whole.path)
    assert list(kept["epochs"]) == [1, 2] and set(kept) == set(all_kept)
    for name in ("z_mean", "canvas", "reconstructions"):
        np.testing.assert_array_equal(kept[name], all_kept[name][:2])
    for name in ("labels", "input"):
        np.testing.assert_array_equal(kept[name], all_kept[name])
    assert animate(part.path, "--film", "canvas") == 0
    assert count_frames(part.figures / "canvas.gif") == 3


def test_what_there_are_no_snapshots_for_is_refused(run, tmp_path, capsys):
    wide = train(tmp_path / "wide", "--latent-dim", "3")
    assert films.list_films(snapshots.read(wide.path)) == ["reconstructions"]
    without = train(tmp_path / "without", "--no-viz")
    capsys.readouterr()
    for arguments, sentence in (
        (
            [wide.path, "--film", "spread"],
            "two latent dimensions. Received: wide, spread",
        ),
        ([without.path], "unless --no-viz is given. Received: without"),
        (["project_nocty-chan"], "Received: project_nocty-chan, a run without"),
        ([tmp_path / "none"], "no such folder"),
    ):
        assert animate(*arguments) == 1
        err = capsys.readouterr().err
        assert sentence in err and err.count("\n") == 1
    with pytest.raises(RunError, match="spread, canvas, reconstructions"):
        request = films.Request(names=("film",))
        list(films.film(loading.find(str(run.path)), request, tmp_path))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--seconds", "0"], "more than 0 and 60 at most. Received: 0"),
        (["--seconds", "soon"], "must be a number. Received: soon"),
        (["--size", "50"], "must be 120 … 1000. Received: 50"),
        (["--film", "scatter"], "invalid choice: 'scatter'"),
    ],
)
def test_an_option_out_of_range_is_named(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as error:
        animate("runs/this", *arguments)
    assert error.value.code == 2
    assert sentence in capsys.readouterr().err


def test_options_offer_all_that_can_be_filmed():
    assert options.FILMS == films.FILMS == tuple(films.TIMES)
    assert options.FORMATS == tuple(films.WRITERS)
    assert options.TIMES == tuple(films.MOST)


def test_a_film_of_a_long_training_picks_epochs(run):
    source = loading.find(str(run.path))
    rng = np.random.default_rng(0)
    arrays = {
        "epochs": np.arange(1, 301),
        "input": np.zeros((2, 8, 8), np.uint8),
        "reconstructions": rng.integers(0, 255, (300, 2, 8, 8)).astype(np.uint8),
    }
    for time, most in films.MOST.items():
        request = films.Request(size=150, time=time)
        frames = films.draw("reconstructions", arrays, source, request)
        assert 0.8 * most <= len(frames) <= most


def test_no_figure_stays_open(run, tmp_path):
    before = plt.get_fignums()
    list(films.film(loading.find(str(run.path)), films.Request(), tmp_path))
    assert plt.get_fignums() == before
