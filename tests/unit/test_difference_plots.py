"""Pictures of the strangest images, and curves of several runs."""

import numpy as np
import pytest

from vae_utils import plots

pytestmark = pytest.mark.usefixtures("book_style")


@pytest.mark.parametrize("shape", [(6, 6), (6, 6, 1), (6, 9, 3)])
def test_rows_are_image_reconstruction_and_difference(shape):
    rng = np.random.default_rng(0)
    x, means = rng.random((2, 4, *shape)).astype(np.float32)
    names = [f"folder/picture-{i}.png\n{i}.5 *" for i in range(4)]
    axes = plots.plot_differences(x, means, names, title="strangest")
    assert axes.shape == (3, 4)
    assert [ax.get_ylabel() for ax in axes[:, 0]] == [
        "image",
        "reconstruction",
        "difference",
    ]
    for row, values in zip(axes, (x, means, np.abs(x - means)), strict=True):
        for ax, value in zip(row, values, strict=True):
            shown = np.asarray(ax.images[0].get_array())
            np.testing.assert_allclose(shown, np.squeeze(value), atol=1e-6)
    assert axes[0, 2].get_title() == "…picture-2.png\n2.5 *"
    assert axes[0, 0].figure.get_suptitle() == "strangest"


def test_captions_and_reconstructions_must_fit():
    x = np.zeros((2, 4, 4))
    with pytest.raises(ValueError, match="for each image.*and 1 captions"):
        plots.plot_differences(x, x, ["one"])
    with pytest.raises(ValueError, match="for each image"):
        plots.plot_differences(x, x[:1], ["one", "two"])


def test_each_run_has_a_curve_and_a_name():
    curves = {f"run {i}": np.arange(1 + i) for i in range(12)}
    ax = plots.plot_curves(curves, title="loss", unit="nats")
    assert [line.get_label() for line in ax.lines] == list(curves)
    for line, curve in zip(ax.lines, curves.values(), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), 1 + np.arange(len(curve)))
        np.testing.assert_array_equal(line.get_ydata(), curve)
    looks = {(line.get_color(), line.get_linestyle()) for line in ax.lines}
    assert len(looks) == 12
    assert ax.lines[0].get_marker() == "o"  # a point would not be seen
    texts = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert texts == list(curves)
