import os
import subprocess
import sys

import imageio.v3 as iio
import imageio_ffmpeg as ffmpeg
import numpy as np
import pytest
from PIL import Image

from vae_utils import animation, files, plots

EPOCHS = ["epoch 1", "epoch 2", "epoch 3"]


@pytest.fixture
def frames():
    """Three grey frames: a white column that moves to the right."""
    moving = np.zeros((3, 20, 30), np.uint8)
    for index, frame in enumerate(moving):
        frame[:, 10 * index] = 255
    return moving


@pytest.fixture
def codes():
    """Codes of 40 images over three epochs: two classes that part."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(3, 40, 2)).astype(np.float32)
    labels = np.arange(40) % 2
    z[2, labels == 1] += 6
    return z, labels


def read(path):
    film = iio.imread(path, index=None, plugin="pillow")
    return film if film.ndim == 3 else film[..., 0]


def durations(path):
    with Image.open(path) as image:
        each = []
        for index in range(image.n_frames):
            image.seek(index)
            each.append(image.info["duration"])
        return each, image.info["loop"]


def test_a_gif_has_the_frames_after_the_finished_picture(tmp_path, frames):
    path = animation.write_gif(tmp_path / "film.gif", frames, seconds=5.0)
    assert path == tmp_path / "film.gif"
    np.testing.assert_array_equal(read(path), frames[[2, 0, 1, 2]])
    each, loop = durations(path)
    assert each == [800, 1400, 1400, 1400] and loop == 0


@pytest.mark.parametrize(
    ("count", "seconds"), [(2, 5), (7, 5), (100, 5), (300, 5), (100, 1), (2, 0.5)]
)
def test_a_gif_lasts_as_long_as_was_asked_at_most(tmp_path, count, seconds):
    frames = np.zeros((count, 20, 20), np.uint8)
    for index, frame in enumerate(frames):  # no two alike, or Pillow would join them
        frame.flat[index % 400] = 255
    path = animation.write_gif(tmp_path / "film.gif", frames, seconds=seconds)
    each, _ = durations(path)
    assert 0.8 * 1000 * seconds <= sum(each) <= 1000 * seconds and min(each) >= 20
    shown = read(path)
    np.testing.assert_array_equal(shown[0], frames[-1])
    np.testing.assert_array_equal(shown[-1], frames[-1])


def test_one_frame_is_a_film_too(tmp_path, frames):
    path = animation.write_gif(tmp_path / "film.gif", frames[:1])
    np.testing.assert_array_equal(read(path), frames[:1])


def test_a_gif_of_many_colours_has_sixteen(tmp_path):
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (2, 30, 30, 3)).astype(np.uint8)
    asked = [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0)]
    frames[:, :5, :5] = (255, 0, 0)
    path = animation.write_gif(tmp_path / "film.gif", frames, colours=asked)
    film = iio.imread(path, index=None, plugin="pillow")
    assert len(np.unique(film.reshape(-1, 3), axis=0)) <= 16
    assert (film[:, :5, :5] == (255, 0, 0)).all()


def test_grey_frames_keep_sixteen_even_levels(tmp_path):
    ramp = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    path = animation.write_gif(tmp_path / "film.gif", ramp)
    film = iio.imread(path)[..., 0]
    np.testing.assert_array_equal(np.unique(film), 17 * np.arange(16))
    assert np.abs(film.astype(int) - ramp[0]).max() <= 8


def test_the_same_frames_give_the_same_file(tmp_path, frames):
    paths = [animation.write_gif(tmp_path / f"{i}.gif", frames) for i in range(2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_poster_is_the_last_frame(tmp_path, frames):
    path = animation.write_poster(tmp_path / "poster.png", frames)
    np.testing.assert_array_equal(iio.imread(path), frames[-1])


def test_a_video_has_the_frames(tmp_path, frames):
    large = np.kron(frames, np.ones((1, 8, 8), np.uint8))[:, :-1]  # odd height
    path = animation.write_mp4(tmp_path / "film.mp4", large, seconds=1.0)
    assert ffmpeg.count_frames_and_secs(str(path)) == (3, 1.0)
    command = [ffmpeg.get_ffmpeg_exe(), "-i", path, "-f", "rawvideo"]
    command += ["-pix_fmt", "gray", "-"]
    decoded = subprocess.run(command, capture_output=True, check=True).stdout
    film = np.frombuffer(decoded, np.uint8).reshape(3, 158, 240)
    assert np.abs(film.astype(int) - large[:, :158]).mean() < 5


def test_a_video_needs_a_package(tmp_path, frames, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ModuleNotFoundError, match="pip install imageio-ffmpeg"):
        animation.write_mp4(tmp_path / "film.mp4", frames)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ([], "a frame at least. Received: none"),
        ([np.zeros((2, 3)), np.zeros((2, 4))], r"one size. Received: \[\(2, 3\)"),
        (np.zeros((2, 5)), r"shape \(height, width\)"),
        (np.zeros((2, 5, 0)), r"shape \(height, width\)"),
        (np.zeros((2, 5, 5, 4)), r"shape \(height, width\)"),
        (np.full((1, 4, 4), np.nan), "frames must be finite"),
        (np.full((1, 4, 4), 2.0), r"in \[0, 1\]. Received: float64 from 2 to 2"),
        (np.zeros((1, 4, 4), int), "must be uint8"),
    ],
)
@pytest.mark.parametrize("write", [animation.write_gif, animation.write_poster])
def test_frames_that_are_none_are_refused(tmp_path, write, bad, sentence):
    with pytest.raises(ValueError, match=sentence):
        write(tmp_path / "film", bad)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("seconds", [0, -1, np.nan, np.inf])
def test_a_film_lasts_some_time(tmp_path, frames, seconds):
    for write in (animation.write_gif, animation.write_mp4):
        with pytest.raises(ValueError, match="seconds must be positive"):
            write(tmp_path / "film", frames, seconds=seconds)


def test_more_colours_than_a_gif_has_are_refused(tmp_path, frames):
    coloured = np.repeat(frames[..., None], 3, axis=-1)
    with pytest.raises(ValueError, match="16 colours.*Received: 15 others"):
        animation.write_gif(tmp_path / "film", coloured, colours=[(0.5, 0, 0)] * 15)


def test_an_interrupted_writing_leaves_the_film_before(tmp_path, frames, monkeypatch):
    path = animation.write_gif(tmp_path / "film.gif", frames)
    before = path.read_bytes()

    def interrupt(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        animation.write_gif(path, frames[::-1])
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_a_spread_shows_each_code_in_the_colour_of_its_class(codes):
    z, labels = codes
    frames = animation.draw_spread(z, labels, "ab", EPOCHS, size=240)
    assert frames.shape == (3, 240, 240, 3) and frames.dtype == np.uint8
    for label in (0, 1):
        color = np.rint(255 * np.array(plots.CLASS_COLORS[label])).astype(np.uint8)
        of_class = (frames == color).all(axis=-1)
        assert of_class.any(axis=(1, 2)).all()
        if label:  # the second class goes up and to the right
            rows, columns = np.nonzero(of_class[2])
            assert rows.mean() < 80 and columns.mean() > 160


def test_the_axes_of_a_spread_stand_still(codes):
    z, labels = codes
    frames = animation.draw_spread(z, labels, "ab", ["same"] * 3, size=240)
    left, bottom = frames[:, :, :20], frames[:, 225:]
    assert (left < 100).any() and (bottom < 100).any()  # ticks and their numbers
    assert (left == left[0]).all() and (bottom == bottom[0]).all()


def test_a_canvas_is_shown_with_the_coordinates_of_its_images():
    canvas = np.zeros((2, 60, 60), np.uint8)
    canvas[1] = 255
    frames = animation.draw_canvas(canvas, EPOCHS[:2], side=3, limit=2.0, size=200)
    assert frames.shape == (2, 200, 200)
    assert frames[0, 100, 100] == 0 and frames[1, 100, 100] == 255


def test_rows_show_images_above_reconstructions():
    upper = np.full((4, 8, 8), 255, np.uint8)
    lower = np.stack([np.zeros_like(upper), upper // 2])
    frames = animation.draw_rows(upper, lower, EPOCHS[:2], size=200)
    assert frames.shape == (2, 140, 200)
    values = [set(np.unique(frame[40:130, 40:160])) for frame in frames]
    assert 0 in values[0] and 127 in values[1] and 255 in values[1]


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (
            lambda z, y: animation.draw_spread(z[0], y, "ab", EPOCHS),
            r"\(frames, n, 2\)",
        ),
        (lambda z, y: animation.draw_spread(z, y[1:], "ab", EPOCHS), "one per code"),
        (lambda z, y: animation.draw_spread(z, y, "ab", EPOCHS[1:]), "needs a title"),
        (lambda z, y: animation.draw_spread(z / 0, y, "ab", EPOCHS), "finite"),
        (
            lambda z, y: animation.draw_canvas(z, EPOCHS, side=2, limit=1),
            "canvas must be uint8",
        ),
        (lambda z, y: animation.draw_rows(z, z, EPOCHS), "Reconstructions must have"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(codes, draw, sentence):
    with np.errstate(divide="ignore"), pytest.raises(ValueError, match=sentence):
        draw(*codes)


def test_notebooks_show_their_figures_after_a_film():
    # A notebook's backend turns interaction on when pyplot first looks for it. If that
    # happened in a context that is undone, no figure would be shown from then on.
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.instance()\n"
        "import numpy as np\n"
        "from vae_utils import animation\n"
        "import matplotlib.pyplot as plt\n"
        "z = np.zeros((1, 4, 2)) + np.arange(4)[:, None]\n"
        "animation.draw_spread(z, [0, 0, 1, 1], 'ab', ['one'], size=200)\n"
        "assert not plt.get_fignums()\n"
        "plt.figure()\n"
        "assert plt.isinteractive()\n"
    )
    inline = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [sys.executable, "-c", code]
    subprocess.run(command, check=True, env=os.environ | inline)
