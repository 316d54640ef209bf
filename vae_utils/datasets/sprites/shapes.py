"""The shapes of sprites: how far a point is from the outline, negative inside.

A shape fits in a circle of radius 1 around the origin; y points upwards. Only sums,
products and square roots are computed, which give the same bits on every machine.
"""

import numpy as np

HALF_SIDE = 0.7  # of the square
WIDE, HIGH = 1.0, 0.6  # half-axes of the ellipse
HEART = 0.64  # units of the heart's formula in a radius
HEART_CENTRE = 0.63  # height above the tip, in these units
LOBE = 0.125**0.5  # radius of its half discs, in these units
TINY = 1e-6  # keeps the centre of the ellipse from a division of 0 by 0


def square(x, y):
    """Computes the larger of the distances along the axes."""
    return np.maximum(np.abs(x), np.abs(y)) - HALF_SIDE


def ellipse(x, y):
    """Computes the distance to first order, which is exact on the outline.

    Source: Inigo Quilez, "Ellipse – distance", the bound k₀(k₀ − 1)/k₁.
    """
    k0 = _length(x / WIDE, y / HIGH)
    k1 = _length(x / WIDE**2, y / HIGH**2)
    return k0 * (k0 - 1) / (k1 + TINY)


def heart(x, y):
    """Computes the distance to a square's corner between two half discs.

    Source: Inigo Quilez, "2D distance functions", heart.
    """
    x, y = np.abs(x) * HEART, y * HEART + HEART_CENTRE
    lobe = _length(x - 0.25, y - 0.75) - LOBE
    notch = _length(x, y - 1)
    along = np.maximum(x + y, 0) / 2
    side = np.minimum(notch, _length(x - along, y - along))
    return np.where(x + y > 1, lobe, np.where(x > y, side, -side)) / HEART


def _length(x, y):
    return np.sqrt(np.square(x) + np.square(y))


#: In the order of the factor's values.
SHAPES = (square, ellipse, heart)
