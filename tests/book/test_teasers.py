"""The pictures at the heads of the chapters are there, light, and can be read."""

from pathlib import Path

import make_teasers
import matplotlib.pyplot as plt
import pytest
from PIL import Image
from teaser_figure import SIZE

from vae_utils import plots
from vae_utils.plots import legibility

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHAPTERS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
WITHOUT_NETWORKS = ("01_theory", "05_latent_space", "07_loss_units", "91_scoreboard")


def test_each_chapter_has_a_picture():
    assert sorted(make_teasers.TEASERS) == CHAPTERS
    stored = sorted(path.stem for path in make_teasers.FOLDER.glob("*.png"))
    assert stored == CHAPTERS


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_picture_fits_a_card_and_a_page(name):
    path = make_teasers.FOLDER / f"{name}.png"
    assert path.stat().st_size <= 60_000
    with Image.open(path) as image:
        image.load()
    assert image.size == (1200, 630)
    assert image.info["Description"] == make_teasers.TEASERS[name].alt


@pytest.mark.parametrize("name", WITHOUT_NETWORKS)
def test_labels_of_a_picture_can_be_read_on_a_phone(name):
    with plots.book_style():
        make_teasers.TEASERS[name].draw()
        measured = legibility.measure(plt.gcf())
        sizes = [text.get_fontsize() for text in plt.gcf().findobj(plt.Text)]
        plt.close()
    assert measured["hidden_texts"] == []
    narrow = legibility.PHONE / SIZE[0]  # pixels of a phone for an inch
    assert min(sizes) / 72 * narrow >= legibility.SMALLEST


def test_a_picture_is_the_same_at_each_call():
    first, second = (make_teasers.make_teaser("01_theory") for _ in range(2))
    assert first == second
