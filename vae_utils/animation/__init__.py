"""Moving pictures: frames from what a training kept, files from frames.

Nothing here calls a model; what is shown has been computed already, by
`training.Snapshots` for one.
"""

from vae_utils.animation.drawing import SIZE, draw_canvas, draw_rows, draw_spread
from vae_utils.animation.writing import (
    SECONDS,
    check_frames,
    write_gif,
    write_mp4,
    write_poster,
)

__all__ = [
    "SECONDS",
    "SIZE",
    "check_frames",
    "draw_canvas",
    "draw_rows",
    "draw_spread",
    "write_gif",
    "write_mp4",
    "write_poster",
]
