"""This book's training: `training.prepare`, and one call of `training.fit`."""

import keras
import numpy as np

from benchmarks.training_speed.keras_epochs import WaitForTurn
from benchmarks.training_speed.networks import NETWORKS
from benchmarks.training_speed.serving import Server, read_task
from vae_utils import configurations, datasets, models, training


def make_configuration(network, task):
    """Makes the configuration that has the network and the task."""
    architecture = "conv" if network.convolutions else "fc"
    return configurations.VAEConfiguration(
        encoder=architecture,
        decoder=architecture,
        latent_dim=network.latent_dim,
        hidden=network.hidden,
        batch_size=task.batch_size,
        learning_rate=1e-3,
        epochs=task.epochs,
    )


def make_dataset(images):
    """Makes a data set that has these images and one more, for validation and test."""
    splits = {"train": images, "val": images[:1], "test": images[:1]}
    arrays = {f"x_{name}": values for name, values in splits.items()}
    labels = {
        f"y_{name}": np.zeros(len(values), int) for name, values in splits.items()
    }
    about = {"name": "images", "class_names": ("any",), "complete": False}
    return datasets.Dataset(**arrays, **labels, **about, provenance="")


def main(task):
    """Trains in one call of `fit`, an epoch whenever the driver asks for one."""
    network, images = NETWORKS[task.network], np.load(task.images)
    server = Server()
    configuration = make_configuration(network, task)
    data = make_dataset(images)
    prepared = training.prepare(configuration, data, seed=task.seed)
    turns = WaitForTurn(
        server,
        len(images) // task.batch_size * task.batch_size,
        parameters=models.count_parameters(prepared.model),
        versions={"keras": keras.__version__},
    )
    # The others validate nothing either.
    training.fit(prepared._replace(validation=None), callbacks=[turns])


if __name__ == "__main__":
    main(read_task())
