"""Weights to start training with: those of another run."""

import hashlib
from pathlib import Path

from vae_utils.runs.folder import SettingsError
from vae_utils.runs.loading import find
from vae_utils.training import checkpoint_file

FIRST_STAGE = "first-stage"  # in place of a part: all that a second stage holds fixed


class InitialWeights:
    """Weights to start training with.

    Args:
        path: a run's folder, a checkpoint in one, or the name of a recorded run.
        part: name of one part, such as `"encoder"`; None for all; `FIRST_STAGE` for
            those that a model of a second stage has from the first.

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
        """Sets the weights of a model, or of some parts of it.

        Raises:
            SettingsError: if the model has no such part.
            ValueError: if they are another architecture's.
        """
        if self.part is None:
            self._load_whole(model)
            return
        names = self._list_parts(model)
        if not set(names) <= set(model.parts):
            raise SettingsError(
                f"The parts of this model are {', '.join(model.parts)}. "
                f"Received: part={self.part}"
            )
        self._load_parts({name: model.parts[name] for name in names})

    def describe(self, model) -> dict:
        """Identifies these weights, as the settings of a run record them."""
        digest = hashlib.sha256()
        for name in self._list_parts(model):
            for value in model.parts[name].get_weights():
                digest.update(value.tobytes())
        return {"part": self.part or "all", "sha256": digest.hexdigest()}

    def _list_parts(self, model):
        if self.part == FIRST_STAGE:
            return getattr(model, "first_stage", (self.part,))
        return tuple(model.parts) if self.part is None else (self.part,)
