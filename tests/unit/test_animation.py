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
    """Makes three grey frames of a white column that moves to the right."""
    moving = np.zeros((3, 20, 30), np.uint8)
    for index, frame in enumerate(moving):
        frame[:, 10 * index] = 255
    return moving


@pytest.fixture
def codes():
    """Makes codes of 40 images over three epochs, of two classes that separate."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(3, 40, 2)).astype(np.float32)
    labels = np.arange(40) % 2
    z[2, labels == 1] += 6
    return z, labels


def read(path):
    shown = iio.imread(path, index=None, plugin="pillow")
    return shown if shown.ndim == 3 else shown[..., 0]


def durations(path):
    with Image.open(path) as image:
        each = []
        for index in range(image.n_frames):
            image.seek(index)
            each.append(image.info["duration"])
        return each, image.info["loop"]


def test_gif_shows_the_last_frame_first_then_all_frames(tmp_path, frames):
    path = animation.write_gif(tmp_path / "animation.gif", frames, seconds=5.0)
    assert path == tmp_path / "animation.gif"
    np.testing.assert_array_equal(read(path), frames[[2, 0, 1, 2]])
    each, loop = durations(path)
    assert each == [800, 1400, 1400, 1400] and loop == 0


@pytest.mark.parametrize(
    ("count", "seconds"), [(2, 5), (7, 5), (100, 5), (300, 5), (100, 1), (2, 0.5)]
)
def test_gif_lasts_at_most_as_long_as_requested(tmp_path, count, seconds):
    frames = np.zeros((count, 20, 20), np.uint8)
    for index, frame in enumerate(
        frames
    ):  # all different, because Pillow merges equal ones
        frame.flat[index % 400] = 255
    path = animation.write_gif(tmp_path / "animation.gif", frames, seconds=seconds)
    each, _ = durations(path)
    assert 0.8 * 1000 * seconds <= sum(each) <= 1000 * seconds and min(each) >= 20
    shown = read(path)
    np.testing.assert_array_equal(shown[0], frames[-1])
    np.testing.assert_array_equal(shown[-1], frames[-1])


def test_gif_of_a_single_frame(tmp_path, frames):
    path = animation.write_gif(tmp_path / "animation.gif", frames[:1])
    np.testing.assert_array_equal(read(path), frames[:1])
    animation.write_gif(path, frames[:1], seconds=60.0)
    assert durations(path) == ([60_000], 0)


def test_gif_with_given_colours_has_sixteen(tmp_path):
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (2, 30, 30, 3)).astype(np.uint8)
    asked = [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0)]
    frames[:, :5, :5] = (255, 0, 0)
    path = animation.write_gif(tmp_path / "animation.gif", frames, colours=asked)
    shown = iio.imread(path, index=None, plugin="pillow")
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= 16
    assert (shown[:, :5, :5] == (255, 0, 0)).all()


def test_gif_of_colour_images_is_recognisable(tmp_path):
    """Smooth colours, as a decoder makes them, in all hues."""
    axis = np.linspace(0, 1, 90)
    red, green = np.meshgrid(axis, axis)
    frames = np.stack(
        [np.stack([red, green, np.full_like(red, b)], -1) for b in (0, 0.5, 1)]
    )
    path = animation.write_gif(tmp_path / "animation.gif", frames)
    shown = iio.imread(path, index=None, plugin="pillow")
    assert shown.shape == (4, 90, 90, 3)
    assert 100 < len(np.unique(shown.reshape(-1, 3), axis=0)) <= 256
    errors = np.abs(shown[1:] - np.rint(255 * frames))
    assert errors.mean() < 12 and errors.max() < 64


def test_gif_of_few_colours_keeps_them_exactly(tmp_path):
    palette = np.random.default_rng(0).integers(0, 256, (200, 3)).astype(np.uint8)
    palette[:2] = [[0, 0, 0], [255, 255, 255]]
    frames = palette[np.arange(3 * 350).reshape(3, 14, 25) % 200]
    path = animation.write_gif(tmp_path / "animation.gif", frames)
    shown = iio.imread(path, index=None, plugin="pillow")
    np.testing.assert_array_equal(shown, frames[[2, 0, 1, 2]])


def test_gif_of_grey_frames_has_sixteen_even_levels(tmp_path):
    ramp = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    path = animation.write_gif(tmp_path / "animation.gif", ramp)
    shown = iio.imread(path)[..., 0]
    np.testing.assert_array_equal(np.unique(shown), 17 * np.arange(16))
    assert np.abs(shown.astype(int) - ramp[0]).max() <= 8


def test_same_frames_give_the_same_file(tmp_path, frames):
    paths = [animation.write_gif(tmp_path / f"{i}.gif", frames) for i in range(2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_poster_is_the_last_frame(tmp_path, frames):
    path = animation.write_poster(tmp_path / "poster.png", frames)
    np.testing.assert_array_equal(iio.imread(path), frames[-1])


def test_video_contains_the_frames(tmp_path, frames):
    large = np.kron(frames, np.ones((1, 8, 8), np.uint8))[:, :-1]  # odd height
    path = animation.write_mp4(tmp_path / "animation.mp4", large, seconds=1.0)
    assert ffmpeg.count_frames_and_secs(str(path)) == (3, 1.0)
    command = [ffmpeg.get_ffmpeg_exe(), "-i", path, "-f", "rawvideo"]
    command += ["-pix_fmt", "gray", "-"]
    decoded = subprocess.run(command, capture_output=True, check=True).stdout
    shown = np.frombuffer(decoded, np.uint8).reshape(3, 158, 240)
    assert np.abs(shown.astype(int) - large[:, :158]).mean() < 5


@pytest.mark.parametrize(
    ("count", "seconds"), [(1, 60.0), (2, 60.0), (100, 60.0), (3, 59.9), (1, 0.5)]
)
def test_video_lasts_as_long_as_requested(tmp_path, count, seconds, capfd):
    frames = np.zeros((count, 20, 20), np.uint8)
    path = animation.write_mp4(tmp_path / "animation.mp4", frames, seconds=seconds)
    assert ffmpeg.count_frames_and_secs(str(path)) == (count, seconds)
    assert capfd.readouterr() == ("", "")


def test_video_without_its_package_raises_an_error(tmp_path, frames, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ModuleNotFoundError, match="pip install imageio-ffmpeg"):
        animation.write_mp4(tmp_path / "animation.mp4", frames)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ([], "at least one frame"),
        ([np.zeros((2, 3)), np.zeros((2, 4))], r"same size. Received: \[\(2, 3\)"),
        (np.zeros((2, 5)), r"shape \(height, width\)"),
        (np.zeros((2, 5, 0)), r"shape \(height, width\)"),
        (np.zeros((2, 5, 5, 4)), r"shape \(height, width\)"),
        (np.full((1, 4, 4), np.nan), "frames must be finite"),
        (np.full((1, 4, 4), 2.0), r"in \[0, 1\]. Received: float64 from 2 to 2"),
        (np.zeros((1, 4, 4), int), "must be uint8"),
    ],
)
@pytest.mark.parametrize("write", [animation.write_gif, animation.write_poster])
def test_rejects_invalid_frames(tmp_path, write, bad, sentence):
    with pytest.raises(ValueError, match=sentence):
        write(tmp_path / "animation", bad)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("seconds", [0, -1, np.nan, np.inf])
def test_rejects_invalid_seconds(tmp_path, frames, seconds):
    for write in (animation.write_gif, animation.write_mp4):
        with pytest.raises(ValueError, match="seconds must be positive"):
            write(tmp_path / "animation", frames, seconds=seconds)


def test_rejects_too_many_given_colours(tmp_path, frames):
    frames = np.repeat(frames[..., None], 3, axis=-1)
    with pytest.raises(ValueError, match="has 16, black.*Received: 15 colours"):
        animation.write_gif(tmp_path / "animation", frames, colours=[(0.5, 0, 0)] * 15)


def test_interrupted_write_keeps_the_previous_file(tmp_path, frames, monkeypatch):
    path = animation.write_gif(tmp_path / "animation.gif", frames)
    before = path.read_bytes()

    def interrupt(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        animation.write_gif(path, frames[::-1])
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_scatter_shows_each_code_in_the_colour_of_its_class(codes):
    z, labels = codes
    frames = animation.draw_scatter(z, labels, "ab", EPOCHS, size=240)
    assert frames.shape == (3, 240, 240, 3) and frames.dtype == np.uint8
    for label in (0, 1):
        color = np.rint(255 * np.array(plots.CLASS_COLORS[label])).astype(np.uint8)
        of_class = (frames == color).all(axis=-1)
        assert of_class.any(axis=(1, 2)).all()
        if label:  # the second class moves up and to the right
            rows, columns = np.nonzero(of_class[2])
            assert rows.mean() < 80 and columns.mean() > 160


def test_scatter_of_more_than_ten_classes():
    z = np.random.default_rng(0).normal(size=(2, 120, 2))
    labels, names = np.arange(120) % 12, [f"class {label}" for label in range(12)]
    frames = animation.draw_scatter(z, labels, names, EPOCHS[:2], size=240)
    for color in np.rint(255 * np.array(plots.CLASS_COLORS)).astype(np.uint8):
        assert (frames == color).all(axis=-1).any()


def test_scatter_axes_do_not_move(codes):
    z, labels = codes
    frames = animation.draw_scatter(z, labels, "ab", ["same"] * 3, size=240)
    left, bottom = frames[:, :, :20], frames[:, 225:]
    assert (left < 100).any() and (bottom < 100).any()  # ticks and their numbers
    assert (left == left[0]).all() and (bottom == bottom[0]).all()


def test_grid_is_drawn_inside_its_axes():
    grid = np.zeros((2, 60, 60), np.uint8)
    grid[1] = 255
    frames = animation.draw_grid(grid, EPOCHS[:2], side=3, limit=2.0, size=200)
    assert frames.shape == (2, 200, 200)
    assert frames[0, 100, 100] == 0 and frames[1, 100, 100] == 255


def test_grid_of_colour_images_keeps_their_colours():
    grid = np.zeros((2, 60, 60, 3), np.uint8)
    grid[0], grid[1, :30], grid[1, 30:] = (200, 30, 10), (0, 255, 0), (0, 0, 255)
    frames = animation.draw_grid(grid, EPOCHS[:2], side=3, limit=2.0, size=200)
    assert frames.shape == (2, 200, 200, 3)
    assert tuple(frames[0, 100, 100]) == (200, 30, 10)
    assert tuple(frames[1, 60, 100]) == (0, 255, 0)  # the first rows are on top
    assert tuple(frames[1, 140, 100]) == (0, 0, 255)


@pytest.mark.parametrize("channels", [(), (3,)])
@pytest.mark.parametrize(
    ("shape", "expected"),
    [((40, 80), (120, 240)), ((90, 60), (240, 160)), ((2, 80), (60, 240))],
)
def test_grid_frames_follow_height_and_width(shape, expected, channels):
    grid = np.full((1, *shape, *channels), 128, np.uint8)
    frames = animation.draw_grid(grid, ["means"], side=2, limit=1.0, size=240)
    assert frames.shape == (1, *expected, *channels)
    drawn = (frames[0] == 128).reshape(*expected, -1).all(axis=-1)
    rows, columns = np.nonzero(drawn.any(axis=1))[0], np.nonzero(drawn.any(axis=0))[0]
    ratio = (rows[-1] - rows[0] + 1) / (columns[-1] - columns[0] + 1)
    assert ratio == pytest.approx(shape[0] / shape[1], rel=0.2)  # square pixels


def test_rows_show_images_above_reconstructions():
    upper = np.full((4, 8, 8), 255, np.uint8)
    lower = np.stack([np.zeros_like(upper), upper // 2])
    frames = animation.draw_rows(upper, lower, EPOCHS[:2], size=200)
    assert frames.shape == (2, 140, 200)
    values = [set(np.unique(frame[40:130, 40:160])) for frame in frames]
    assert 0 in values[0] and 127 in values[1] and 255 in values[1]


def test_rows_of_colour_images_keep_their_colours():
    upper = np.empty((4, 8, 8, 3), np.uint8)
    upper[:] = (200, 30, 10)
    lower = np.stack([upper[..., ::-1], upper])
    frames = animation.draw_rows(upper, lower, EPOCHS[:2], size=200)
    assert frames.shape == (2, 140, 200, 3)
    above, below = ((frames == c).all(axis=-1) for c in ((200, 30, 10), (10, 30, 200)))
    assert above.any(axis=(1, 2)).all()
    assert below[0].any() and not below[1].any()
    assert np.nonzero(above[0])[0].max() <= np.nonzero(below[0])[0].min()


def test_rows_accept_a_channel_axis_for_grey():
    rng = np.random.default_rng(0)
    upper = rng.integers(0, 256, (4, 8, 8)).astype(np.uint8)
    lower = rng.integers(0, 256, (2, 4, 8, 8)).astype(np.uint8)
    np.testing.assert_array_equal(
        animation.draw_rows(upper[..., None], lower[..., None], EPOCHS[:2]),
        animation.draw_rows(upper, lower, EPOCHS[:2]),
    )


@pytest.mark.parametrize(
    ("shape", "height"),
    [
        ((8, 16), 50),
        ((16, 8), 200),
        ((1, 90), 20),  # thin images leave room to be seen
        ((90, 1), 400),  # and are no taller than two square ones
        ((16, 8, 3), 200),
    ],
)
def test_row_frames_follow_height_and_width(shape, height):
    upper = np.zeros((4, *shape), np.uint8)
    frames = animation.draw_rows(upper, upper[None], ["means"], size=200)
    assert frames.shape == (1, height + 40, 200, *shape[2:])


@pytest.mark.parametrize("write", [animation.write_gif, animation.write_mp4])
def test_colour_animations_of_any_shape_can_be_written(tmp_path, write):
    grid = np.random.default_rng(0).integers(0, 256, (3, 75, 40, 3)).astype(np.uint8)
    frames = animation.draw_grid(grid, EPOCHS, side=5, limit=2.0, size=151)
    path = write(tmp_path / "animation", frames)
    assert path.stat().st_size > 0
    poster = animation.write_poster(tmp_path / "poster.png", frames)
    np.testing.assert_array_equal(iio.imread(poster), frames[-1])


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (
            lambda z, y: animation.draw_scatter(z[0], y, "ab", EPOCHS),
            r"\(frames, n, 2\)",
        ),
        (lambda z, y: animation.draw_scatter(z, y[1:], "ab", EPOCHS), "one per code"),
        (lambda z, y: animation.draw_scatter(z, y, "ab", EPOCHS[1:]), "needs a title"),
        (lambda z, y: animation.draw_scatter(z / 0, y, "ab", EPOCHS), "finite"),
        (
            lambda z, y: animation.draw_grid(z, EPOCHS, side=2, limit=1),
            "grid must be uint8",
        ),
        (
            lambda z, y: animation.draw_grid(
                np.zeros((3, 4, 4, 2), np.uint8), EPOCHS, side=2, limit=1
            ),
            r"Received: grid.dtype=uint8, grid.shape=\(3, 4, 4, 2\)",
        ),
        (lambda z, y: animation.draw_rows(z, z, EPOCHS), "Reconstructions must have"),
        (
            lambda z, y: animation.draw_rows(
                np.zeros((5, 4, 4, 2)), np.zeros((3, 5, 4, 4, 2)), EPOCHS
            ),
            "1 or 3 channels",
        ),
    ],
)
def test_rejects_arrays_that_do_not_match(codes, draw, sentence):
    with np.errstate(divide="ignore"), pytest.raises(ValueError, match=sentence):
        draw(*codes)


def test_notebooks_still_show_figures_after_an_animation():
    # A notebook's backend turns on interactive mode when pyplot first loads it. If that
    # happened inside a context that is undone, later figures would not be shown.
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.instance()\n"
        "import numpy as np\n"
        "from vae_utils import animation\n"
        "import matplotlib.pyplot as plt\n"
        "z = np.zeros((1, 4, 2)) + np.arange(4)[:, None]\n"
        "animation.draw_scatter(z, [0, 0, 1, 1], 'ab', ['one'], size=200)\n"
        "assert not plt.get_fignums()\n"
        "plt.figure()\n"
        "assert plt.isinteractive()\n"
    )
    inline = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [sys.executable, "-c", code]
    subprocess.run(command, check=True, env=os.environ | inline)
