"""The codes of a VQ-VAE to paint with: a grid, its image, and a prior that finishes it.

`show_painter` shows what a grid of codes decodes to, how many nats it costs under a
learned and under a uniform prior, and how both priors continue it.
"""

from vae_utils.code_painter.page import show_painter

__all__ = ["show_painter"]
