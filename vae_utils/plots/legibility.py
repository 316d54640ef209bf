"""How legible a figure's texts are on a phone, and whether they hide each other."""

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg

PHONE = 342  # pixels that a page has for a figure on a phone of 390
SMALLEST = 9  # pixels of a text that can still be read there
SHARED = 0.15  # of a text's box that another may cover; letters do not fill theirs


class _Recorder(RendererAgg):
    """Draws as usual, and keeps each text: what it is, how large and where."""

    def __init__(self, *args):
        super().__init__(*args)
        self.drawn = []

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """Keeps a line of text before it is drawn."""
        if s.strip():
            width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
            box = np.array([[0, -descent], [width, height - descent]])
            if angle % 180 == 90:
                box = np.array([[descent - height, 0], [descent, width]])
            place = np.array([x, self.height - y])
            self.drawn.append((s, prop.get_size_in_points(), box + place))
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)


def measure(figure) -> dict:
    """Measures the texts of a figure as a phone would show them.

    Args:
        figure: a Matplotlib figure.

    Returns:
        `smallest_text`, in pixels where the figure is at most `PHONE` pixels wide; None
        without text. `hidden_texts`, pairs of texts of which one covers the other.
    """
    width, height = figure.get_size_inches() * figure.dpi
    recorder = _Recorder(width, height, figure.dpi)
    figure.draw(recorder)
    edges = 2 * matplotlib.rcParams["savefig.pad_inches"]
    inches = figure.get_tightbbox(recorder).width + edges
    sizes = [size for _, size, _ in recorder.drawn]
    pixel = min(96, PHONE / inches) / 72  # of a page, for a point
    return {
        "smallest_text": round(float(min(sizes) * pixel), 2) if sizes else None,
        "hidden_texts": _find_hidden(recorder.drawn),
    }


def _find_hidden(drawn):
    """Lists pairs of texts that share more of their boxes than `SHARED`."""
    pairs = []
    for index, (text, _, box) in enumerate(drawn):
        for other, _, where in drawn[:index]:
            sides = np.minimum(box[1], where[1]) - np.maximum(box[0], where[0])
            smaller = min(np.prod(box[1] - box[0]), np.prod(where[1] - where[0]))
            if sides.min() > 0 and sides.prod() > SHARED * smaller:
                pairs.append([other, text])
    return pairs
