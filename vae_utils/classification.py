"""Training the digit classifier that scores samples and supplies features."""

from collections.abc import Sequence

import keras

from vae_utils import networks, pipeline, training
from vae_utils.datasets import Dataset


def labelled_batches(batches):
    """Turns batches `{"x": images, "y": labels}` into pairs of input and target.

    Args:
        batches: `tf.data.Dataset` of `pipeline`.

    Returns:
        The dataset of pairs (images, labels), for `fit` of a classifier.
    """
    return batches.map(lambda batch: (batch["x"], batch["y"]))


def train_classifier(
    data: Dataset,
    *,
    seed: int,
    epochs: int = 12,
    batch_size: int = 128,
    learning_rate: float = 2e-3,
    dropout: float = 0.1,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> tuple[keras.Model, dict]:
    """Trains a classifier on grey images with Adam and a cosine schedule.

    Args:
        data: what to train on; after every epoch its validation images are scored.
        seed: int, of weights, dropout and order.
        epochs: number of epochs.
        batch_size: images in a batch.
        learning_rate: of Adam, at the beginning; it falls to zero along a cosine.
        dropout: as for `networks.build_classifier`.
        callbacks: for `fit`.

    Returns:
        The trained classifier, and the history of `fit`: name → one number per epoch.

    Raises:
        ValueError: if there are fewer images than `batch_size`.
    """
    keras.utils.set_random_seed(seed)
    batches, steps = pipeline.training_batches(
        data.x_train,
        data.y_train,
        batch_size=batch_size,
        epochs=epochs,
        seed=seed,
        binarisation="none",
    )
    validation = pipeline.evaluation_batches(
        data.x_val, data.y_val, binarisation="none"
    )
    classifier = networks.build_classifier(dropout=dropout)
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, epochs * steps)
    classifier.compile(
        keras.optimizers.Adam(schedule),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        steps_per_execution=training.choose_steps_per_execution(steps),
    )
    history = classifier.fit(
        labelled_batches(batches),
        epochs=epochs,
        steps_per_epoch=steps,
        validation_data=labelled_batches(validation),
        shuffle=False,
        verbose=0,
        callbacks=list(callbacks),
    )
    return classifier, history.history
