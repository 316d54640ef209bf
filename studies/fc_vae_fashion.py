"""The network of `02_fc_vae` on clothes: reconstructions from the first epochs."""

import dataclasses

from studies.fc_vae_seeds import CHAPTER
from studies.recording import SEED, load, record_one, train

EPOCHS = (1, 3, 5, 7)  # after which reconstructions are kept


def record():
    """Trains, and keeps reconstructions."""
    data = load("fashion_mnist")
    trained = train(dataclasses.replace(CHAPTER, epochs=max(EPOCHS)), data, SEED)
    snapshots = trained.snapshots
    drawn = snapshots["reconstructions"]
    arrays = {f"epoch {epoch}": drawn[epoch - 1] for epoch in EPOCHS}
    arrays["input"] = snapshots["input"]
    return record_one(trained, data, arrays, is_samples=None)


STUDIES = {"fc_vae_fashion": record}
