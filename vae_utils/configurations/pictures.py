"""The preset for pictures of one's own, in colour or grey, few or many."""

from vae_utils.configurations.autoencoders import VAEConfiguration

#: Name → configuration. On a CPU, small batches win: what counts is the number of
#: updates. 16,000 take minutes at 32 × 32 and 64 × 64 pixels.
PICTURES = {
    "pictures": VAEConfiguration(
        encoder="residual",
        decoder="residual",
        hidden=(),
        activation="silu",
        latent_dim=48,
        likelihood="optimal-gaussian",
        binarisation="none",
        batch_size=32,
        learning_rate=2e-3,
        decay=True,
        updates_per_epoch=400,
        epochs=40,
        patience=8,
    )
}
#: Fields that depend on the number of images, where they are not given. Augmentation is
#: not among them: on few cats, all of which look the same way, it made errors on new
#: ones much larger (study `cats_counts`). It is for pictures without such an order.
ADAPTED = ("batch_size",)
FEW = 2_000  # training images: with fewer, a warning says what cannot be expected
BATCHES = 4  # that a pass has at least


def adapt(configuration, count: int) -> dict:
    """Chooses what depends on the number of training images.

    Args:
        configuration: of the preset.
        count: number of training images.

    Returns:
        Name → value of each field of `ADAPTED`.
    """
    most = max(1, count // BATCHES)
    return {"batch_size": min(configuration.batch_size, most)}


def warn_of_few(count: int) -> str:
    """Says what a model of few images cannot do.

    Args:
        count: number of training images.

    Returns:
        A sentence; empty where there are enough.
    """
    if count >= FEW:
        return ""
    there_are = "is only 1 image" if count == 1 else f"are only {count:,} images"
    return (
        f"There {there_are} to train with: expect good reconstructions of these and "
        "blurred ones of others, and generated images that resemble these; a few "
        "thousand images give much better ones."
    )
