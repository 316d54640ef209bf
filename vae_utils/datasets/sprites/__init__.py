"""Sprites with known factors: a square, an ellipse or a heart on black.

The factors are those of dSprites: 3 shapes, 6 scales, 40 rotations and 32 × 32 places,
with a hue as a sixth if the sprites are to have one. The images are rendered here: they
are not the published pixels, and scores must not be compared with those of papers.

A square turned by 90° and an ellipse turned by 180° are the same images again: for
these shapes, rotation cannot be read from an image, nor measured. Before you compute
a metric of rotation, leave these shapes out, or take it modulo 90° or 180°.

Render any sprite like this::

    rng = np.random.default_rng(0)
    images = sprites.render(sprites.draw(rng, 100), size=64)

A combination is a row of indices into the values of `FACTORS`, or of `COLOUR_FACTORS`.
`datasets.load` gives a fixed choice of 24,000, in three splits.

Source: dSprites, Matthey, Higgins, Hassabis and Lerchner, 2017, for the factors.
"""

from vae_utils.datasets.sprites.choices import (
    COLOUR_FACTORS,
    FACTORS,
    draw,
    visible,
)
from vae_utils.datasets.sprites.rendering import render

__all__ = ["COLOUR_FACTORS", "FACTORS", "draw", "render", "visible"]
