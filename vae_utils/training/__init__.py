"""Training what a record says, and callbacks: progress, checkpoints, what it draws."""

from vae_utils.training.building import build, build_decoder, build_likelihood
from vae_utils.training.checkpoint_file import parts_of
from vae_utils.training.checkpoints import Checkpoints
from vae_utils.training.divergence import StopIfDiverged
from vae_utils.training.fitting import (
    VALIDATION_SEED,
    Prepared,
    choose_steps_per_execution,
    fit,
    prepare,
    train,
)
from vae_utils.training.progress import Progress, spaced
from vae_utils.training.reconstructions import Reconstructions
from vae_utils.training.snapshots import Snapshots
from vae_utils.training.snapshots import read as read_snapshots
from vae_utils.training.tensorboard import TensorBoard

__all__ = [
    "VALIDATION_SEED",
    "Checkpoints",
    "Prepared",
    "Progress",
    "Reconstructions",
    "Snapshots",
    "StopIfDiverged",
    "TensorBoard",
    "build",
    "build_decoder",
    "build_likelihood",
    "choose_steps_per_execution",
    "fit",
    "parts_of",
    "prepare",
    "read_snapshots",
    "spaced",
    "train",
]
