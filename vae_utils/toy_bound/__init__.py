"""A model of one dimension whose bound can be taken apart by hand.

`show_bound` shows its true posterior, a proposal q to drag over it, and where the nats
of the bound go.
"""

from vae_utils.toy_bound.page import show_bound

__all__ = ["show_bound"]
