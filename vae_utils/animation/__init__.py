"""Animations: frames drawn from a training run's snapshots, and files of frames.

Nothing here calls a model; everything shown was computed before, for example by
`training.Snapshots`. Images may be grey or in colour, of any height and width.
"""

from vae_utils.animation.drawing import SIZE, draw_grid, draw_rows, draw_scatter
from vae_utils.animation.frames import check_frames
from vae_utils.animation.packing import thin_grid
from vae_utils.animation.showing import show_grid, show_scatter
from vae_utils.animation.writing import SECONDS, write_gif, write_mp4, write_poster

__all__ = [
    "SECONDS",
    "SIZE",
    "check_frames",
    "draw_grid",
    "draw_rows",
    "draw_scatter",
    "show_grid",
    "show_scatter",
    "thin_grid",
    "write_gif",
    "write_mp4",
    "write_poster",
]
