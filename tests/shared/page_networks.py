"""Networks as a page computes them: read from their scripts, for Keras to compute."""

import json
import re

import numpy as np

from vae_utils import explorer
from vae_utils.explorer import packing
from vae_utils.runs import loading


def read_script(script):
    """Returns the name of a network and what its script adds to the page."""
    name, packed = re.fullmatch(r'VAEBook\.add\("(.+?)", (.*)\);\n', script).groups()
    return name, json.loads(packed)


def read_codes(packed):
    """Returns codes, shape (n, 2), and labels of the test digits on the map."""
    codes = packing.read_pairs(packed["codes"]).reshape(-1, 2) * packed["codeStep"]
    return codes, np.array([int(label) for label in packed["labels"]])


def load_recorded(study):
    """Loads a recorded network with the weights that the study kept."""
    return loading.load(loading.find(study))


def load_shown(study, script):
    """Loads a recorded network with the weights that a page computes with."""
    model = load_recorded(study)
    _, packed = read_script(script)
    for name, arrays in explorer.decompress(packed).items():
        model.parts[name].set_weights(arrays)
    return model
