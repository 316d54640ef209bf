"""How the numbers of a study were made."""

from vae_utils import evaluation, runs, training

IS_SAMPLES = 500
CLASSIFIER = "classifier"  # the study whose network scores generated digits


def describe(data, measured, *, binarisation="dynamic", **more) -> dict:
    """States how the numbers of a study were made.

    Args:
        data: the data set.
        measured: name → how it was measured.
        binarisation: of training images, and of validation images once.
        **more: further entries of the protocol.
    """
    if "is_nll" in measured:
        images = len(data.x_test[:: evaluation.TEST_STRIDE])
        more = {"importance_sampling": {"samples": IS_SAMPLES, "images": images}} | more
    if "fdd" in measured and "classifier" not in measured:
        measured = measured | {"classifier": runs.load_study(CLASSIFIER).files}
    once = f"binarised once, seed {training.VALIDATION_SEED}"
    return {
        "data": data.provenance,
        "image_shape": list(data.image_shape),
        "classes": data.classes,
        "split": count_images(data),
        "optimiser": "Adam",
        "validation": "grey" if binarisation == "none" else once,
        "minutes": "of training, with the validation, the checkpoint and the snapshot "
        "of every epoch",
        "measured": measured,
        **more,
    }


def count_images(data) -> dict:
    """Counts the images of each split."""
    splits = {"train": data.x_train, "validation": data.x_val, "test": data.x_test}
    return {name: len(images) for name, images in splits.items()}
