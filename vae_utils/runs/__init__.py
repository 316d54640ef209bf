"""Runs: training in a folder of its own, and the recorded runs that ship as studies.

`folder` says which files a run has, `session` trains in it, `loading` finds a trained
model by the path of its folder or the name of a recorded run; `pictures`, `animations`
and `reports` show it. `studies` and `recorded` read the results of recorded runs.
"""

from vae_utils.runs.folder import RunError, RunFolder, SettingsError
from vae_utils.runs.recorded import (
    FOLDER,
    list_studies,
    load_arrays,
    load_study,
    load_weights,
    read_file,
    read_weights,
    save_study,
)
from vae_utils.runs.results import Result
from vae_utils.runs.studies import Study, band
from vae_utils.weights import round_weights

__all__ = [
    "FOLDER",
    "Result",
    "RunError",
    "RunFolder",
    "SettingsError",
    "Study",
    "band",
    "list_studies",
    "load_arrays",
    "load_study",
    "load_weights",
    "read_file",
    "read_weights",
    "round_weights",
    "save_study",
]
