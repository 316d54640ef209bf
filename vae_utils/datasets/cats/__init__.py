"""Cats, composed of parts drawn by David Revoy (peppercarrot.com, CC BY 4.0).

Give this credit wherever the cats are shown. Each is a body, the pattern of its fur,
eyes, a mouth and perhaps an accessory, laid on white in this order: 324,000 different
combinations. Compose any of them like this::

    rng = np.random.default_rng(0)
    images = cats.compose(cats.draw(rng, 100), size=64)

A combination is a row of five indices into the values of `FACTORS`, which are `body`,
`fur`, `eyes`, `mouth` and `accessory`. `datasets.load` gives a fixed choice of 24,000,
in three splits.

The generator that the parts come from counts 360,000 combinations, since two of its ten
furs are equally blank; here they are one value, `plain`. A scarf hides the mouth: such
a mouth cannot be read, and no two cats of a data set differ in it alone.

Source: the cat avatar generator of David Revoy, 2016.
"""

from vae_utils.datasets.cats.composing import compose
from vae_utils.datasets.cats.parts import CREDIT, FACTORS, draw, visible

__all__ = ["CREDIT", "FACTORS", "compose", "draw", "visible"]
