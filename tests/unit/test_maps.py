"""Maps of latent space, of codes that a test chooses."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import animation, configurations, latent
from vae_utils.runs import animations, drawing, maps
from vae_utils.training import snapshots

pytestmark = pytest.mark.usefixtures("book_style")
COUNT = 50
Z = np.random.default_rng(0).normal(size=(COUNT, 3)).astype(np.float32)
EQUAL, ALMOST = "collapsed: all codes are equal", "collapsed: all codes are almost"
DATA = SimpleNamespace(
    x_test=np.zeros((COUNT, 4, 4), np.uint8),
    y_test=np.arange(COUNT) % 2,
    class_names=("a", "b"),
)


class Model(SimpleNamespace):
    """What maps ask of a VAE."""

    conditional, classes = False, None

    def log_weights(self):
        """Is there, as in models with a prior."""


@pytest.fixture
def draw(monkeypatch):
    """Draws the map of codes; returns its Axes."""

    def draw(z, plot=maps.draw_latent):
        monkeypatch.setattr(latent, "encode_mean", lambda *a, **options: np.float32(z))
        ax = plot(Model(latent_shape=np.shape(z)[1:]), DATA, drawing.Request())
        ax.figure.canvas.draw()  # a warning would be an error
        return ax

    return draw


@pytest.mark.parametrize(
    ("scale", "title"),
    [
        ([1], ""),
        ([0], EQUAL),
        ([1, 1], ""),
        ([0, 0], EQUAL),
        ([1e-4, 1e-4], ALMOST),
        ([1, 1e-4], "collapsed in 1 of 2 dimensions"),
        ([0, 0, 0], EQUAL),
        ([1e-4, 0, 1e-4], ALMOST),
    ],
)
def test_collapsed_map_is_drawn_as_what_it_is(scale, title, draw):
    ax = draw(0.3 + Z[:, : len(scale)] * scale)
    assert title in ax.get_title() and ("collapsed" in ax.get_title()) == bool(title)
    left, right = ax.get_xlim()
    assert right - left > 1.99  # rounding errors are not enlarged
    if len(scale) > 1 and title:
        bottom, top = ax.get_ylim()
        assert top - bottom == pytest.approx(right - left)  # no strip
        assert ax.get_window_extent().height > 100
    if len(scale) > 1:
        names = [text.get_text() for text in ax.texts]
        assert names == (["all classes"] if title in (EQUAL, ALMOST) else ["a", "b"])


def test_tsne_says_how_many_dimensions_have_collapsed(draw):
    title = draw(Z * [1, 1e-4, 1]).get_title()
    assert "by t-SNE" in title and "collapsed in 1 of 3 dimensions" in title


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_codes_that_are_not_finite_are_left_out(value, draw):
    z = Z[:, :2].copy()
    z[:7, 1] = value
    ax = draw(z)
    assert "NaN or infinite codes left out: 7" in ax.get_title()
    assert sum(len(points.get_offsets()) for points in ax.collections) == COUNT - 7
    with pytest.raises(ValueError, match="All codes are NaN or infinite"):
        draw(np.full((COUNT, 2), value))


@pytest.mark.parametrize(
    ("z", "change", "title"),
    [
        (Z[:, :2], 1.0, ""),
        (Z[:, :2], 0.0, "collapsed: all images are the same"),
        (0 * Z[:, :2], 1.0, EQUAL),
        (np.full((COUNT, 2), np.nan), 1.0, ""),
    ],
)
def test_grid_of_a_collapsed_model_says_so(z, change, title, draw, monkeypatch):
    def decode(model, codes, labels, **options):
        return np.ones((1, 4, 4)) * (0.5 + change * 0.1 * codes[:, :1, None])

    monkeypatch.setattr(latent, "decode", decode)
    monkeypatch.setattr(maps, "GRID_SIDE", 3)
    found = draw(z, maps.draw_grid).get_title()
    assert title in found and ("collapsed" in found) == bool(title)


@pytest.fixture
def run():
    """A run of a VAE that has no files."""
    return SimpleNamespace(
        name="run",
        data="mnist",
        class_names=tuple("0123456789"),
        configuration=configurations.VAEConfiguration(),
    )


def list_titles(name, arrays, run, monkeypatch):
    """Draws an animation; returns the titles of its frames."""
    titles, draw = [], getattr(animation, f"draw_{name}")

    def record(*arguments, **options):
        titles.extend(next(a for a in arguments if "epoch" in str(a[0])))
        return draw(*arguments, **options)

    monkeypatch.setattr(animation, f"draw_{name}", record)
    frames = animations.draw(name, arrays, run, animations.Request(size=200))
    assert len(frames) == len(titles)
    assert not plt.get_fignums()
    return titles


def test_animations_say_from_which_epoch_on_a_model_is_collapsed(run, monkeypatch):
    z = np.stack([Z[:, :2], 0 * Z[:, :2] + 0.3])
    side = 2 * snapshots.SIDE
    arrays = {
        "epochs": np.array([1, 2]),
        "z_mean": z,
        "labels": DATA.y_test,
        "canvas": np.random.default_rng(0).integers(0, 255, (2, side, side), np.uint8),
    }
    for name in ("scatter", "grid"):
        titles = list_titles(name, arrays, run, monkeypatch)
        assert titles == ["epoch 1", f"epoch 2, {EQUAL}"]
    arrays["z_mean"], arrays["canvas"][1] = z[[0, 0]], 7
    titles = list_titles("grid", arrays, run, monkeypatch)
    assert titles == ["epoch 1", "epoch 2, collapsed: all images are the same"]


def test_animation_leaves_out_codes_that_are_not_finite(run, monkeypatch):
    z = np.stack([Z[:, :2], Z[:, :2]])
    z[0, 3] = np.nan
    arrays = {"epochs": np.array([1, 2]), "z_mean": z, "labels": DATA.y_test}
    titles = list_titles("scatter", arrays, run, monkeypatch)
    assert titles[1] == "epoch 2, NaN or infinite codes left out: 1"
