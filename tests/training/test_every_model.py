"""What every model must do: a new one joins by its line in the registry."""

import dataclasses
import pkgutil
import shutil
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import pytest

from vae_utils import configurations, models, training
from vae_utils.configurations import LIKELIHOODS, MODELS, PRECISIONS, PRIORS
from vae_utils.datasets import Dataset
from vae_utils.training import checkpoint_file

pytestmark = pytest.mark.core

EPOCHS, SEED = 3, 1
SMALL = {
    "hidden": (8,),
    "filters": (4,),
    "latent_dim": 2,
    "codes": 8,
    "code_dim": 4,
    "width": 4,
    "prior_width": 8,
    "prior_heads": 2,
    "batch_size": 8,
    "epochs": EPOCHS,
    "learning_rate": 0.01,
}
# Settings that resuming depends on are spread over the models.
SETTINGS = {
    "vae": {"encoder": "conv", "decoder_hidden": (4,), "beta": 0.5},
    "cvae": {"decay": True, "clip_norm": 1.0},
    "ae": {"updates_per_epoch": 5},  # where 3 make a pass
}

RESIDUAL = {
    "encoder": "residual",
    "decoder": "residual",
    "activation": "silu",
    "likelihood": "optimal-gaussian",
    "binarisation": "none",
    "augmentation": "flips-and-shifts",
    "patience": EPOCHS,
}


def make_configuration(model, **settings):
    """Makes a small configuration of a model, from those fields that it has."""
    kind = configurations.configuration_class(model)
    known = {field.name for field in dataclasses.fields(kind)}
    return kind(**{k: v for k, v in SMALL.items() if k in known}, **settings)


def has_weights(likelihood):
    return issubclass(pkgutil.resolve_name(LIKELIHOODS[likelihood]), keras.Layer)


def list_configurations():
    for model in MODELS:
        yield model, make_configuration(model, **SETTINGS.get(model, {}))
    for likelihood in filter(has_weights, LIKELIHOODS):
        yield likelihood, make_configuration("vae", likelihood=likelihood)
    for prior, entry in PRIORS.items():
        if prior != configurations.VAEConfiguration().prior:
            size = {"prior_size": 3} if entry.has_size else {}
            yield prior, make_configuration("vae", prior=prior, **size)
    yield "residual", make_configuration("vae", **RESIDUAL)
    for precision in PRECISIONS[1:]:
        yield precision, make_configuration("vae", encoder="conv", precision=precision)


CONFIGURATIONS = dict(list_configurations())


def make_data(*shape):
    """Makes a data set: 24 images to train with, 8 to validate, 8 to test."""
    x = np.random.default_rng(0).integers(0, 256, (40, *shape), np.uint8)
    x[::2, : shape[0] // 2] //= 8  # half of the images are dark above
    x, y = np.split(x, (24, 32)), np.split(np.arange(40) % 4, (24, 32))
    splits = [values for pair in zip(x, y, strict=True) for values in pair]
    return Dataset("noise", *splits, tuple("abcd"), False, "made for tests")


DATA = make_data(8, 12, 3)


class Run(NamedTuple):
    """A training run that was not interrupted, and kept every epoch."""

    configuration: object
    model: keras.Model
    history: dict
    folder: Path


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.xdist_group(name))
        for name in CONFIGURATIONS
    ],
)
def run(request, tmp_path_factory):
    configuration = CONFIGURATIONS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    prepared = training.prepare(configuration, DATA, seed=SEED)
    settings = configurations.describe(configuration, DATA, SEED)
    checkpoints = training.Checkpoints(folder, settings, every=1)
    history = training.fit(prepared, checkpoints=checkpoints)
    return Run(configuration, prepared.model, history, folder)


@pytest.fixture(scope="module")
def resumed(run, tmp_path_factory):
    """The same run, resumed after its first epoch with a new model."""
    folder = tmp_path_factory.mktemp("resumed")
    shutil.copy(checkpoint_file.path_of(run.folder, 1), folder)
    keras.utils.set_random_seed(99)  # the resumed run must not depend on it
    model, history = training.train(
        run.configuration, DATA, seed=SEED, checkpoints=folder
    )
    return Run(run.configuration, model, history, folder)


def read(folder, epoch):
    """Reads a checkpoint: its arrays, and its metadata except the minutes."""
    arrays = checkpoint_file.read(checkpoint_file.path_of(folder, epoch))
    metadata = arrays.pop("about")
    del metadata["minutes"]
    return arrays, metadata


def held_fixed(model):
    """Lists the parts that a model of a second stage does not train."""
    return getattr(model, "held", ())


def values(variables):
    return [np.array(variable) for variable in variables]


def list_state(model):
    """Lists all variables but those of metrics."""
    metrics = set(map(id, model.metrics_variables))
    kept = [variable for variable in model.variables if id(variable) not in metrics]
    return [*kept, *model.optimizer.variables]


def list_noise(model):
    """Lists the states of the generators of random numbers."""
    return [v for v in model.non_trainable_variables if "seed_generator" in v.path]


def assert_equal(first, second):
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_training_reports_finite_terms(run):
    reported = {"loss", *run.model.reports}
    assert set(run.history) == reported | {f"val_{name}" for name in reported}
    for name, numbers in run.history.items():
        assert len(numbers) == EPOCHS
        assert np.isfinite(numbers).all(), name


def test_training_changes_every_part(run):
    first, last = (read(run.folder, epoch)[0] for epoch in (1, EPOCHS))
    changed = {name for name in first if not np.array_equal(first[name], last[name])}
    changed = {name.split("/")[0] for name in changed} & set(run.model.parts)
    assert changed == set(run.model.parts) - set(held_fixed(run.model))


def test_parts_have_all_that_is_trained(run):
    weights = {id(w) for part in run.model.parts.values() for w in part.weights}
    assert set(map(id, run.model.trainable_variables)) <= weights
    assert weights <= set(map(id, run.model.variables))
    assert models.count_parameters(run.model) == sum(
        int(np.prod(w.shape)) for p in run.model.parts.values() for w in p.weights
    )


def test_checkpoint_has_all_that_training_changes(run):
    arrays, metadata = read(run.folder, EPOCHS)
    state = list(checkpoint_file.state_of(run.model))
    assert set(map(id, list_state(run.model))) == {id(v) for _, v in state}
    assert list(arrays) == [name for name, _ in state]
    assert_equal(arrays.values(), values(variable for _, variable in state))
    assert metadata["history"] == run.history
    updates = run.configuration.updates_per_epoch or len(DATA.x_train) // 8
    optimizer = run.model.optimizer
    counted = getattr(optimizer, "inner_optimizer", optimizer).iterations
    index = [id(variable) for variable in optimizer.variables].index(id(counted))
    steps = arrays[f"optimizer/{index:03d}"]
    if run.configuration.precision == "mixed_float16":
        assert 0 < steps <= EPOCHS * updates  # overflowing gradients are left out
    else:
        assert steps == EPOCHS * updates


def test_resumed_run_equals_an_uninterrupted_one(run, resumed):
    assert resumed.history == run.history
    assert_equal(values(list_state(resumed.model)), values(list_state(run.model)))
    (arrays, metadata), whole = read(resumed.folder, EPOCHS), read(run.folder, EPOCHS)
    assert (list(arrays), metadata) == (list(whole[0]), whole[1])
    assert_equal(arrays.values(), whole[0].values())


def predict(run):
    """Scores the validation images, with noise from a fixed seed."""
    for variable in list_noise(run.model):
        variable.assign(np.zeros(variable.shape, variable.dtype))
    validation = training.prepare(run.configuration, DATA, seed=SEED).validation
    return run.model.evaluate(validation, return_dict=True, verbose=0)


def test_loaded_weights_give_the_same_predictions(run, resumed):
    expected = predict(run)
    checkpoint_file.load_whole(resumed.model, checkpoint_file.path_of(run.folder, 1))
    assert predict(resumed) != expected
    path = checkpoint_file.path_of(run.folder, EPOCHS)
    checkpoint_file.load_whole(resumed.model, path)
    assert predict(resumed) == expected


def test_loaded_weights_are_all_that_predictions_need(run):
    shape = {"image_shape": DATA.image_shape, "classes": DATA.classes}
    model = models.build(run.configuration, **shape, seed=5)
    checkpoint_file.load_whole(model, checkpoint_file.path_of(run.folder, EPOCHS))
    for name, part in run.model.parts.items():
        assert_equal(model.parts[name].get_weights(), part.get_weights())
    noise = {id(v) for model in (model, run.model) for v in list_noise(model)}
    for one, other in zip(model.variables, run.model.variables, strict=True):
        if id(one) not in noise:
            np.testing.assert_array_equal(one, other, one.path)


def test_loading_refuses_a_missing_or_surplus_part(run, tmp_path):
    arrays, metadata = read(run.folder, EPOCHS)
    path = checkpoint_file.path_of(tmp_path, EPOCHS)
    before = values(list_state(run.model))
    files = {"surplus": {**arrays, "surplus/000": np.ones(1)}}
    for part in run.model.parts:
        files[part] = {n: v for n, v in arrays.items() if n.split("/")[0] != part}
    for part, others in files.items():
        checkpoint_file.write(path, others, {**metadata, "minutes": 0.0})
        for load in (
            lambda: checkpoint_file.load_whole(run.model, path),
            lambda: training.Checkpoints(tmp_path).restore(run.model),
        ):
            with pytest.raises(ValueError, match=f"Received: {part}/000"):
                load()
    assert_equal(values(list_state(run.model)), before)


def test_images_may_also_be_grey(run):
    model = models.build(run.configuration, image_shape=(8, 8, 1), classes=5, seed=0)
    batch = {"x": keras.KerasTensor((6, 8, 8, 1))}
    if model.conditional:
        batch["y"] = keras.KerasTensor((6,), "int32")

    def compute(batch):
        terms = model.terms(**batch)
        return {**terms, "objective": model.objective(terms)}

    outputs = keras.layers.Lambda(compute).compute_output_spec(batch)  # shapes only
    for name in ("objective", *model.reports):
        assert outputs[name].shape == (6,)
