"""The files in a run's folder."""

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from vae_utils import files
from vae_utils.runs import lock

FORMAT = 1
SETTINGS = {"model", "data", "complete", "seed", "configuration", "viz"}


class RunError(ValueError):
    """A folder cannot be used as a run; the message says why."""


class SettingsError(ValueError):
    """A setting does not suit the data or the model; the message names it."""


class RunFolder:
    """The files of a run.

    `config.json` says what is trained, `history.csv` has one line per epoch,
    `checkpoints/` what is needed to resume, `metrics.json` the numbers of the last
    evaluation, `figures/` its pictures, `scores/` the images that were scored,
    `export/` the model for use elsewhere, `snapshots.npz` what was drawn after every
    epoch; `.lock` is there while a process trains.

    Args:
        path: of the folder.
    """

    def __init__(self, path: str | PathLike):
        self.path = Path(path).expanduser()
        self.config = self.path / "config.json"
        self.history = self.path / "history.csv"
        self.metrics = self.path / "metrics.json"
        self.checkpoints = self.path / "checkpoints"
        self.figures = self.path / "figures"
        self.scores = self.path / "scores"
        self.export = self.path / "export"
        self.snapshots = self.path / "snapshots.npz"
        self.lock = self.path / ".lock"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Makes the folder if need be, and lets no other process train in it.

        Raises:
            ValueError: if another process trains in it.
            OSError: if the folder cannot be written to.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with lock.locked(self.lock):
            yield

    def check_unlocked(self):
        """Raises ValueError if another process trains here; makes no file."""
        lock.check(self.lock)

    def check_free(self, *, overwrite: bool = False):
        """Raises RunError unless a new run can start here.

        Args:
            overwrite: whether a run that is here may be removed; other files never are.

        Raises:
            RunError: if the path is taken.
        """
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise RunError(f"A run is a folder. Received: {self.path}, a file")
        if self.config.exists():
            if not overwrite:
                raise RunError(
                    "There is a run already: resume it (--resume), remove it "
                    "(--overwrite), or choose another folder (--output-dir). "
                    f"Received: {self.path}"
                )
        elif self._has_other_files():
            raise RunError(
                "A new run needs an empty or a new folder; this one has other files, "
                f"which are not changed. Received: {self.path}"
            )
        elif any(path != self.lock for path in self.path.iterdir()) and not overwrite:
            raise RunError(
                "The folder has files of a run, but no config.json: choose another "
                f"folder, or remove them (--overwrite). Received: {self.path}"
            )

    def _has_other_files(self):
        """Tells whether there are files that no unfinished run leaves behind."""
        ours = {path.name for path in (*self._files(), *self._folders(), self.lock)}
        names = {path.name for path in self.path.iterdir()}
        return any(
            name not in ours and not name.endswith(files.UNFINISHED) for name in names
        )

    def _files(self):
        return self.config, self.history, self.metrics, self.snapshots

    def _folders(self):
        snapshots = self.snapshots.with_suffix("")
        return self.checkpoints, self.figures, self.scores, self.export, snapshots

    def start(self, config: dict):
        """Removes the run that is here, if any, and writes `config.json` of a new one.

        Args:
            config: name → value; under `settings`, what `configurations.describe`
                returns.

        Raises:
            OSError: if the folder cannot be written to.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        # The configuration is removed first: without one, the rest is not a run.
        for path in self._files():
            path.unlink(missing_ok=True)
        for folder in self._folders():
            if folder.exists():
                shutil.rmtree(folder)
        files.remove_unfinished(self.path)
        self.write_config(config)

    def remove_unfinished(self):
        """Removes what a killed process was writing; nothing else may be writing."""
        for folder in (self.path, *self._folders()):
            files.remove_unfinished(folder)

    def write_config(self, config: dict):
        """Writes `config.json`."""
        _write_json(self.config, {"format": FORMAT, **config})

    def read_config(self) -> dict:
        """Reads `config.json`.

        Returns:
            What was written; `settings` among it.

        Raises:
            RunError: if there is no run here, or not one of this version.
        """
        try:
            config = json.loads(self.config.read_text(encoding="utf-8"))
            version = config["format"]
        except FileNotFoundError as error:
            raise RunError(
                f"There is no run here, no {self.config.name}. Received: {self.path}"
            ) from error
        except NotADirectoryError as error:
            raise RunError(f"A run is a folder. Received: {self.path}") from error
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise RunError(
                f"{self.config} cannot be read: restore it, or train again "
                f"(--overwrite). Received: {type(error).__name__}: {error}"
            ) from error
        if version != FORMAT:
            raise RunError(
                f"The run in {self.path} was made by another version of vae_utils: use "
                f"that one, or train again. Received: format={version!r}, not {FORMAT}"
            )
        missing = SETTINGS - set(config.get("settings", ()))
        if missing:
            raise RunError(
                f"{self.config} lacks settings: restore it, or train again "
                f"(--overwrite). Missing: {', '.join(sorted(missing))}"
            )
        return config

    def write_history(self, history: dict):
        """Writes `history.csv`: one line per epoch, full precision."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["epoch", *history])
        for epoch, values in enumerate(zip(*history.values(), strict=True), start=1):
            writer.writerow([epoch, *map(repr, values)])
        files.write(self.history, text.getvalue().encode())

    def read_history(self) -> dict:
        """Reads `history.csv`; name → one number per epoch."""
        with self.history.open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        names = [name for name in (rows[0] if rows else {}) if name != "epoch"]
        return {name: [float(row[name]) for row in rows] for name in names}

    def write_metrics(self, metrics: dict):
        """Writes `metrics.json`."""
        _write_json(self.metrics, metrics)


def _write_json(path, contents):
    text = json.dumps(contents, indent=1, allow_nan=False, ensure_ascii=False)
    files.write(path, f"{text}\n".encode())
