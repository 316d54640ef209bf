"""Draws the picture at the head of each chapter: notebooks/images/NN_name.png.

    python tools/make_teasers.py [NAME ...]

GitHub shows a notebook without its outputs, so these pictures are committed; the site
also uses them as cards for links. They come from recorded runs and are the same at each
call. Chapter 06 needs all test images of MNIST.
"""

import argparse
import io
from pathlib import Path
from typing import NamedTuple

import matplotlib
import matplotlib.pyplot as plt
import teaser_first
import teaser_images
import teaser_plots
from PIL import PngImagePlugin
from teaser_figure import DPI

from vae_utils import files, plots
from vae_utils.plots import encoding

FOLDER = Path(__file__).resolve().parents[1] / "notebooks" / "images"


class Teaser(NamedTuple):
    """A picture.

    Args:
        draw: function that draws it on a new figure.
        alt: what it shows, for those who do not see it.
    """

    draw: callable
    alt: str


TEASERS = {
    "00_first_vae": Teaser(
        teaser_first.draw_first_vae,
        "A handwritten zero; its codes, an orange cloud of dots around the numbers "
        "1.5 and 1.7 of a plane; and a blurred zero decoded from its middle.",
    ),
    "01_theory": Teaser(
        teaser_plots.draw_theory,
        "A chain from left to right: image x, a narrowing encoder, two boxes for the "
        "mean and the log-variance, marked as q of z given x with the KL term as its "
        "cost, a circle for the code z, a widening decoder, and logits. A circle of "
        "noise above feeds the code. A dashed line compares logits with the image: "
        "nll.",
    ),
    "02_fc_vae": Teaser(
        teaser_images.draw_fc_vae,
        "Seven rows of fourteen handwritten digits that change smoothly from one into "
        "the next: zeros along the top, sixes below them, fours, nines and sevens at "
        "the left, ones at the bottom right; twos, threes, eights and fives in "
        "between.",
    ),
    "03_conv_vae": Teaser(
        teaser_images.draw_conv_vae,
        "A handwritten two, and eight pictures of it: in some the upper edges of its "
        "strokes are bright, in others the lower or the left edges, in some the inside "
        "of the stroke.",
    ),
    "04_cvae": Teaser(
        teaser_images.draw_cvae,
        "Ten columns of five handwritten digits: zeros in the first column, ones in "
        "the second, and so on to nines; slant, width and thickness differ from row to "
        "row and are much the same along a row.",
    ),
    "05_latent_space": Teaser(
        teaser_plots.draw_latent_space,
        "Three maps of dots in ten colours, after 100, 600 and 10,000 updates: a "
        "narrow streak of mixed colours opens, and in the last map some colours have "
        "regions of their own.",
    ),
    "06_evaluation": Teaser(
        teaser_plots.draw_evaluation,
        "Four panels with a digit above each. In the first, a tilted grey cloud with "
        "both ellipses on it. In the second a narrow tilted cloud, the best ellipse on "
        "its middle and the encoder's shifted along it. In the third and fourth the "
        "best ellipse lies on the cloud; the encoder's is beside it in the third, and "
        "far away in the fourth.",
    ),
    "07_loss_units": Teaser(
        teaser_plots.draw_loss_units,
        "Two rows of marks on logarithmic axes. Above, 29 recipes with a cross-entropy "
        "along an axis of β: 22 are stacked at 1, three lie between 0.39 and 0.5, "
        "three between 2 and 4, and one, Keras in 2016, at 784. Below, 18 recipes with "
        "a squared error along an axis of σ: five lie at σ² = ½, four below, and nine "
        "above, up to 7.",
    ),
    "08_own_images": Teaser(
        teaser_images.draw_own_images,
        "Four rows of seven cats of many colours: originals; reconstructions that look "
        "the same; the same cats all wearing glasses; the same cats all with dark "
        "stripes.",
    ),
    "90_classifier": Teaser(
        teaser_images.draw_classifier,
        "Seven rows of fourteen digits, each tinted in one of ten colours. Neighbours "
        "share a colour, so that the picture falls into coloured regions with dark "
        "borders.",
    ),
    "91_scoreboard": Teaser(
        teaser_plots.draw_scoreboard,
        "One dot for each network along an axis of nats, sorted. Three networks of "
        "forty dimensions lie left of all others, between 84 and 88; those of two "
        "dimensions lie between 130 and 151. Published models are grey ticks, mostly "
        "left of the dots.",
    ),
    "92_five_projects": Teaser(
        teaser_images.draw_five_projects,
        "Six rows of fourteen handwritten digits. The first row shows test images. In "
        "the next four rows they come back more or less blurred, and nearly all as the "
        "same digit; in the last row several come back as another digit.",
    ),
    "93_speed": Teaser(
        teaser_plots.draw_speed,
        "Horizontal bars, one for each way to train, the shortest at the top. The "
        "shortest is that of the matrix products alone. A dashed vertical line marks "
        "the yardstick; the bars of bare JAX, bare TensorFlow and this book end near "
        "it, those of Keras with TensorFlow on arrays and of PyTorch are longer.",
    ),
}


def make_teaser(name: str) -> bytes:
    """Draws a teaser and encodes it, with its alternative text, as a PNG."""
    with plots.book_style():
        TEASERS[name].draw()
        stream = io.BytesIO()
        figure = plt.gcf()
        ground = figure.get_facecolor()
        figure.savefig(stream, format="png", dpi=DPI, facecolor=ground)
        plt.close()
    image = encoding.reduce_colours(encoding.open_opaque(stream))
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Description", TEASERS[name].alt)
    stream = io.BytesIO()
    image.save(stream, format="png", optimize=True, pnginfo=text)
    return stream.getvalue()


def main():
    """Reads the command line, draws and writes."""
    matplotlib.use("agg")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="chapters; all if none"
    )
    chosen = parser.parse_args().names or list(TEASERS)
    FOLDER.mkdir(exist_ok=True)
    for name in chosen:
        content = make_teaser(name)
        files.write(FOLDER / f"{name}.png", content)
        print(f"{name}: {len(content) / 1000:.1f} kB")


if __name__ == "__main__":
    main()
