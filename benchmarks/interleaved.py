"""An epoch at a time, so that several models can train in turns."""

import time

from vae_utils import pipeline


def train_one_epoch(vae, data, epoch, batch_size, seed=0):
    """Trains a compiled VAE for one epoch.

    Args:
        vae: `models.VAE`.
        data: `datasets.Dataset`.
        epoch: counted from 0; order and binarisation depend on it and on the seed.
        batch_size: images in a batch.
        seed: int.

    Returns:
        The seconds of training, those of processor time (of all threads together), and
        the validation −ELBO afterwards.
    """
    batches, steps = pipeline.training_batches(
        data.x_train,
        batch_size=batch_size,
        epochs=epoch + 1,
        first_epoch=epoch,
        seed=seed,
    )
    began, processor = time.perf_counter(), time.process_time()
    vae.fit(
        batches,
        initial_epoch=epoch,
        epochs=epoch + 1,
        steps_per_epoch=steps,
        shuffle=False,
        verbose=0,
    )
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    validation = pipeline.evaluation_batches(data.x_val)
    loss = vae.evaluate(validation, verbose=0, return_dict=True)["loss"]
    return seconds, processor, loss
