"""Weights to start training with: those of another run."""

import hashlib
from pathlib import Path

from vae_utils.runs.folder import SettingsError
from vae_utils.runs.loading import find
from vae_utils.training import checkpoint_file


class InitialWeights:
    """Weights to start training with.

    Args:
        path: a run's folder, a checkpoint in one, or the name of a recorded run.
        part: name of one part, such as `"encoder"`; None for all.

    Raises:
        ValueError: if there are none.
    """

    def __init__(self, path: str, part: str | None = None):
        self.path, self.part = path, part
        if Path(path).suffix == ".npz":
            checkpoint = Path(path)
            self._load_whole = lambda m: checkpoint_file.load_whole(m, checkpoint)
            self._load_parts = lambda p: checkpoint_file.load_parts(p, checkpoint)
        else:
            run = find(path)
            self._load_whole, self._load_parts = run.load_whole, run.load_parts

    def set(self, model):
        """Sets the weights of a model, or of one part of it.

        Raises:
            SettingsError: if the model has no such part.
            ValueError: if they are another architecture's.
        """
        if self.part is None:
            self._load_whole(model)
            return
        if self.part not in model.parts:
            raise SettingsError(
                f"The parts of this model are {', '.join(model.parts)}. "
                f"Received: part={self.part}"
            )
        self._load_parts({self.part: model.parts[self.part]})

    def describe(self, model) -> dict:
        """Identifies these weights, as the settings of a run record them."""
        digest = hashlib.sha256()
        for name, network in model.parts.items():
            if self.part in (None, name):
                for value in network.get_weights():
                    digest.update(value.tobytes())
        return {"part": self.part or "all", "sha256": digest.hexdigest()}
