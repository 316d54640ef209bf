"""The figure of a teaser: as large as a card in social networks."""

import matplotlib.pyplot as plt
import numpy as np

SIZE = (6, 3.15)  # inches
DPI = 200  # pixels for an inch
ENLARGED = 3  # pixels of a picture for one of an image that fills it


def new_figure():
    """Makes an empty figure of a teaser's size."""
    return plt.figure(figsize=SIZE)


def fill(grid):
    """Puts a grid of images, in grey or in colour, in the middle of a black figure."""
    figure = plt.figure(figsize=SIZE, layout="none", facecolor="black")
    enlarged = np.clip(grid, 0, 1).repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)
    free = DPI * np.array(SIZE) - enlarged.shape[1::-1]
    figure.figimage(enlarged, *(free // 2), vmin=0, vmax=1)
