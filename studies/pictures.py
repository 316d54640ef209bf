"""The preset `pictures` on cats: at two sizes, and with 50 to 50,000 images.

    python -m studies.record_runs cats_32 cats_64 cats_counts

Besides the usual numbers, each model is asked for the five parts of its cats: by a
reader that was trained on original images, from originals and from reconstructions; and
by a linear reader, from codes.
"""

import functools
from dataclasses import replace

import numpy as np

from studies import part_readers
from studies.protocol import describe
from studies.recording import FOLDER, SEED, load, measure, sum_minutes, train
from vae_utils import evaluation, latent, runs, training
from vae_utils.configurations import PICTURES, pictures
from vae_utils.datasets import cats, rendered
from vae_utils.datasets.factors import draw_distinct
from vae_utils.pixels import to_bytes, to_unit_interval
from vae_utils.runs import loading, session

PRESET = "pictures"
COUNTS = (50, 500, 5_000, 20_000, 50_000)  # training images
AUGMENTED = (50, 500)  # of which there is another run, with augmentation
AUGMENTATION = "flips-and-shifts"
SHOWN = 8  # images of each kind that are kept
FEW = 2_000  # training images that are reconstructed
MEASURED = {
    "original_…": "read by a small convolutional network, trained on 20,000 original "
    f"training images, from original test images: {part_readers.MEASURED}",
    "reconstructed_…": "read by the same network from reconstructions of the same "
    "images: decoder means of the mean of q(z|x)",
    "code_…": "read from the mean of q(z|x) by a linear classifier, trained on those "
    "of the training images; otherwise the same",
    "train_rmse": f"as rmse_mean, of the first {FEW:,} training images, or of all",
    "train_loss": "−ELBO of training images during the epoch that is measured; nats of "
    "a density",
    "val_loss": "−ELBO of validation images after the epoch that is measured; nats of "
    "a density",
    "best_epoch": "epoch that is measured: that with the smallest val_loss; training "
    "stops early where that does not change for long",
}


def record_size(name, *, keeps_weights):
    """Trains by the preset on cats of one size; keeps pictures, and maybe weights."""
    data = load(name)
    options = {"preset": PRESET, "rounded": keeps_weights}
    trained = train(PICTURES[PRESET], data, SEED, **options)
    metrics, measured = measure_model(trained.model, PICTURES[PRESET], data)
    metrics |= read_codes(trained.model, data)
    more = {}
    if keeps_weights:
        more = {"weights": "kept as float16; numbers were measured after rounding"}
    return {
        "protocol": describe_numbers(data, measured, metrics, **more),
        "minutes": trained.source.minutes,
        "results": [trained.make_result(metrics, alone=True)],
        "arrays": {"input": data.x_test[:SHOWN]} | draw(trained.model, data),
        "parts": trained.model.parts if keeps_weights else None,
    }


def record_counts():
    """Trains by the preset on each number of images, with as many updates."""
    data, results, arrays = add_cats(load("cats")), [], {}
    arrays["input"] = data.x_test[:SHOWN]
    plans = [(count, "none") for count in COUNTS]
    plans += [(count, AUGMENTATION) for count in AUGMENTED]
    for count, augmentation in plans:
        print(count, augmentation, flush=True)
        source, model = train_on_few(data, count, augmentation)
        metrics, measured = measure_model(model, source.configuration, data)
        metrics |= measure_training(source, model, data.x_train[:count])
        results.append(make_result(source, count, metrics))
        drawn = draw(model, data)
        arrays |= {f"{count} {augmentation} {kind}": x for kind, x in drawn.items()}
    more = f"the last {COUNTS[-1] - COUNTS[-2]:,} are of combinations in no split"
    return {
        "protocol": describe_numbers(data, measured, metrics, training_images=more),
        "minutes": sum_minutes(results),
        "results": results,
        "arrays": arrays,
    }


def add_cats(data):
    """Composes more training images, of combinations that are in no split."""
    known = sum(rendered.COUNTS.values())
    total = known + COUNTS[-1] - len(data.x_train)
    rows = draw_distinct(cats.FACTORS, total, rendered.SEED, cats.visible)[known:]
    return replace(
        data,
        x_train=np.concatenate([data.x_train, cats.compose(rows)]),
        y_train=np.concatenate([data.y_train, rows[:, 0]]),  # the body
    )


def train_on_few(data, count, augmentation):
    """Trains on the first images; returns the run at its best epoch, and the model."""
    preset = replace(PICTURES[PRESET], augmentation=augmentation)
    configuration = replace(preset, **pictures.adapt(preset, count))
    some = replace(data, x_train=data.x_train[:count], y_train=data.y_train[:count])
    folder = runs.RunFolder(FOLDER / f"cats_counts_{count}_{augmentation}")
    plan = session.Plan(folder, configuration, some, SEED, viz=False)
    session.train(plan, resume=folder.config.exists())
    source = loading.find(str(folder.path), "best")
    return source, loading.load(source)


def make_result(source, count, metrics):
    """Makes the result of one of these runs."""
    history = {name: source.history[name] for name in ("loss", "val_loss")}
    return runs.Result(
        configuration=source.configuration,
        seed=SEED,
        images=count,
        epochs=len(history["loss"]),
        minutes=source.minutes,
        metrics=metrics,
        history=history,
    )


def measure_model(model, configuration, data):
    """Measures a model as `evaluate` does, and how well parts are read."""
    metrics, measured = measure(model, configuration, data, is_samples=None)
    reader, parts = load_reader(data.name), data.factors["test"]
    for kind, images in (
        ("original", to_unit_interval(data.x_test)),
        ("reconstructed", latent.reconstruct(model, data.x_test)),
    ):
        shares = part_readers.score(part_readers.read(reader, images), parts)
        metrics |= {f"{kind}_{name}": share for name, share in shares.items()}
    return metrics, measured


@functools.cache
def load_reader(name):
    """Trains the reader of images of a data set."""
    data = load(name)
    return part_readers.train_image_reader(data.x_train, data.factors["train"])


def read_codes(model, data):
    """Reads the parts of test images from their codes."""
    codes = latent.encode_mean(model, data.x_train)
    reader = part_readers.train_code_reader(codes, data.factors["train"])
    predictions = part_readers.read(reader, latent.encode_mean(model, data.x_test))
    shares = part_readers.score(predictions, data.factors["test"])
    return {f"code_{name}": share for name, share in shares.items()}


def measure_training(source, model, images):
    """Measures a model on images that it was trained on."""
    best = training.find_best(source.history["val_loss"])
    some = images[:FEW]
    return {
        "train_rmse": evaluation.rmse(some, latent.reconstruct(model, some)),
        "train_loss": source.history["loss"][best - 1],
        "val_loss": source.history["val_loss"][best - 1],
        "best_epoch": best,
    }


def draw(model, data):
    """Reconstructs test images, and decodes codes from the prior; means, as bytes."""
    prior = latent.draw_codes(model, SHOWN, seed=SEED)
    drawn = {
        "reconstructions": latent.reconstruct(model, data.x_test[:SHOWN]),
        "prior": latent.decode(model, prior),
    }
    return {name: to_bytes(images) for name, images in drawn.items()}


def describe_numbers(data, measured, metrics, **more):
    """States how the numbers were made."""
    own = {
        name: how
        for name, how in MEASURED.items()
        if any(key.startswith(name.rstrip("…")) for key in metrics)
    }
    return describe(data, measured | own, binarisation="none", **more)


STUDIES = {
    "cats_32": functools.partial(record_size, "cats", keeps_weights=True),
    "cats_64": functools.partial(record_size, "cats-64", keeps_weights=False),
    "cats_counts": record_counts,
}
