"""Any configuration, on any images: it trains, or one sentence says why it cannot."""

import json

import numpy as np
import pytest
from field_values import ANYTHING, configure, ordinary_fields, wrong_values
from hypothesis import given
from hypothesis import strategies as st
from sentences import assert_is_a_sentence
from tally import LONG, examples

from vae_utils import configurations, training
from vae_utils.configurations import MODELS
from vae_utils.configurations.fields import describe_fields
from vae_utils.datasets import Dataset
from vae_utils.errors import Diverged

each_model = pytest.mark.parametrize("model", MODELS)
SIDES = st.integers(16, 28) | st.integers(1, 28)  # pixels; most networks need several


@st.composite
def data_sets(draw):
    """Draws a data set of a few small images, grey or colour, of any classes."""
    shape = draw(st.tuples(SIDES, SIDES))
    shape += draw(st.sampled_from([(), (1,), (3,)]))
    classes = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    darkest, brightest = draw(st.sampled_from([(0, 256), (0, 1), (255, 256)]))
    splits = []
    for count in (draw(st.integers(3, 8)), 2, 2):
        splits.append(rng.integers(darkest, brightest, (count, *shape), np.uint8))
        splits.append(rng.integers(classes, size=count))
    return Dataset("noise", *splits, tuple("abcd"[:classes]), False, "made for tests")


@each_model
@examples(quick=3, long=100)
@given(draw=st.data())
def test_a_configuration_trains_or_is_refused(model, draw, tally):
    configuration, errors = configure(model, draw.draw(ordinary_fields(model)))
    for error in errors:
        assert_is_a_sentence(error)
    data = draw.draw(data_sets())
    tally["inputs"] += 1
    json.dumps(configurations.describe(configuration, data, 1))
    try:
        prepared = training.prepare(configuration, data, seed=1)
    except ValueError as error:
        assert_is_a_sentence(error)
        tally["refused"] += 1
        return
    # Compiling takes seconds, and is the same for all: once in a while will do.
    prepared.model.run_eagerly = not (LONG and draw.draw(st.integers(0, 9)) == 0)
    batches = prepared.batches(0).take(1)
    once = prepared._replace(batches=lambda first: batches, steps=1, epochs=1)
    try:
        history = training.fit(once)
    except Diverged as error:
        assert_is_a_sentence(error)
    else:
        assert all(np.isfinite(values).all() for values in history.values()), history


@each_model
@examples(quick=30, long=3000)
@given(draw=st.data())
def test_a_value_out_of_range_is_refused(model, draw, tally):
    kind = configurations.configuration_class(model)
    name, description = draw.draw(st.sampled_from([*describe_fields(kind).items()]))
    value = draw.draw(wrong_values(description))
    tally["inputs"] += 1
    with pytest.raises(ValueError, match=f"^{name} ") as error:
        kind(**{name: value})
    assert_is_a_sentence(error.value)


@each_model
@examples(quick=25, long=2000)
@given(draw=st.data())
def test_fields_of_any_json_are_read_or_refused(model, draw, tally):
    kind = configurations.configuration_class(model)
    names = st.sampled_from([*describe_fields(kind)]) | st.text(max_size=5)
    fields = draw.draw(st.dictionaries(names, ANYTHING, max_size=3))
    tally["inputs"] += 1
    try:
        assert configurations.read(model, fields).model == model
    except ValueError as error:
        assert_is_a_sentence(error)
        tally["refused"] += 1
