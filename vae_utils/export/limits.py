"""What an exported model cannot do, or does without an error."""

from collections.abc import Iterator


def list_limits(metadata: dict, kinds) -> Iterator[str]:
    """Yields the limits of an exported model, a sentence or two each.

    Args:
        metadata: as `metadata.describe` returns it.
        kinds: names of its formats.
    """
    height, width, channels = metadata["image_shape"]
    functions = metadata["functions"]
    yield (
        f"Images are {height} × {width} × {channels} (height × width × channels); "
        "others must be cropped and scaled first, as the training images were"
        f"{_describe_preparation(metadata['data'].get('preparation'))}."
    )
    yield "For images unlike the training images, codes and numbers mean little."
    if "decode" in functions:
        yield (
            "`x_mean` is a mean of p(x|z), not a draw from it: details that the code "
            "does not determine are blurred."
        )
    if "score" in functions:
        yield (
            "Nats of models with different likelihoods are not comparable, nor is a "
            "low likelihood proof of an anomaly."
        )
    inputs = [entry["name"] for f in functions.values() for entry in f["inputs"]]
    if "y" in inputs:
        yield (
            f"Labels are 0 … {len(metadata['classes']) - 1}; any other number means "
            "no class, without an error."
        )
    if "keras" in kinds and metadata["pixels"].startswith("bytes") and "x" in inputs:
        yield (
            "Keras converts its inputs silently: images from 0 to 1 become black "
            "bytes. The other formats refuse them."
        )


def _describe_preparation(preparation):
    """Says how own pictures were prepared, in brackets; nothing of others."""
    if not preparation:
        return ""
    settings = ", ".join(f"{name}={value}" for name, value in preparation.items())
    return f" ({settings}, as in `datasets.from_folder`)"
