"""Results of long recordings, kept one by one."""

import json
import sys

from studies.recording import FOLDER
from vae_utils import files


def keep(name: str, what: str, make) -> dict:
    """Makes a result, or reads what an interrupted call has left of it.

    Args:
        name: of the file that keeps the result.
        what: text that names what is made; a file of anything else is refused.
        make: function without arguments; returns a dictionary for JSON.
    """
    file = FOLDER / f"{name}.json"
    if not file.exists():
        result = make() | {"what": what}
        FOLDER.mkdir(parents=True, exist_ok=True)
        files.write(file, json.dumps(result).encode())
    result = json.loads(file.read_text())
    if result["what"] != what:
        sys.exit(f"{file} is of something else: remove it. Received: {result['what']}")
    return result
