"""Training what a configuration says, with progress, checkpoints and pictures."""

from vae_utils.training.checkpoints import Checkpoints
from vae_utils.training.divergence import StopIfDiverged
from vae_utils.training.fitting import (
    VALIDATION_SEED,
    Prepared,
    fit,
    prepare,
    train,
)
from vae_utils.training.progress import Progress, spaced
from vae_utils.training.reconstructions import Reconstructions
from vae_utils.training.snapshots import Snapshots
from vae_utils.training.snapshots import read as read_snapshots
from vae_utils.training.stopping import StopWithoutProgress, find_best, has_stopped
from vae_utils.training.tensorboard import TensorBoard

__all__ = [
    "VALIDATION_SEED",
    "Checkpoints",
    "Prepared",
    "Progress",
    "Reconstructions",
    "Snapshots",
    "StopIfDiverged",
    "StopWithoutProgress",
    "TensorBoard",
    "find_best",
    "fit",
    "has_stopped",
    "prepare",
    "read_snapshots",
    "spaced",
    "train",
]
