"""Values for fields of configurations, made from what the fields say of themselves.

A new field, or a new model, joins by itself; a new kind of field needs a line here.
"""

import dataclasses
import fractions
import re

import numpy as np
from hypothesis import strategies as st

from vae_utils import configurations
from vae_utils.configurations.fields import describe_fields

SMALL = st.integers(1, 4)  # networks of a few neurons
NUMBERS = st.floats(0, 2, width=32) | st.sampled_from([0.0, 1e-30, 1e-6, 0.5, 1.0])
WIDTHS = st.lists(SMALL, max_size=3)
#: Whatever a caller may pass by mistake.
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.decimals()
    | st.fractions()
    | st.sampled_from([np.int64(-1), np.float32("nan"), np.zeros(3), object, ...]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


def takes(description, value):
    """Tells whether a field takes a value; any error but ValueError is a fault."""
    try:
        description.check(value, "field")
    except ValueError:
        return False
    return True


def ordinary_values(description):
    """Makes a strategy of values that a field takes; of sizes, small ones."""
    kinds = {
        "integer": SMALL | SMALL.map(np.int64),
        "number": NUMBERS | NUMBERS.map(np.float32) | NUMBERS.map(fractions.Fraction),
        "choice": st.sampled_from(description.choices or (None,)),
        "flag": st.booleans(),
        "widths": WIDTHS | WIDTHS.map(tuple),
    }
    values = kinds[description.kind].filter(lambda value: takes(description, value))
    return st.none() | values if description.unset else values


def wrong_values(description):
    """Makes a strategy of values that a field does not take."""

    def is_wrong(value):
        allowed = value is None and description.unset
        return not allowed and not takes(description, value)

    return ANYTHING.filter(is_wrong)


@st.composite
def ordinary_fields(draw, model):
    """Draws fields of a model's configuration, each of which is in its range."""
    descriptions = describe_fields(configurations.configuration_class(model))
    sizes = ("integer", "widths")  # whose defaults are large
    return {
        name: draw(ordinary_values(description))
        for name, description in descriptions.items()
        if description.kind in sizes or draw(st.booleans())
    }


def configure(model, fields):
    """Makes a configuration; leaves out fields that it says do not go together.

    Returns:
        The configuration, and the errors that named the fields left out.
    """
    kind, errors = configurations.configuration_class(model), []
    names = {field.name for field in dataclasses.fields(kind)}
    while True:
        try:
            return kind(**fields), errors
        except ValueError as error:
            errors.append(error)
        named = set(re.findall(r"(\w+)=", str(errors[-1]).rpartition("Received: ")[2]))
        assert named & names & set(fields), f"{errors[-1]} does not name a field"
        fields = {name: value for name, value in fields.items() if name not in named}
