"""Checks that networks fit each other, and their model."""

from vae_utils.networks import input_shape


def check_heads(encoder, count: int, reason: str):
    """Raises ValueError unless an encoder has as many outputs as a model needs."""
    if len(encoder.outputs) != count:
        raise ValueError(
            f"The encoder of {reason}. Received: encoder={encoder.name!r} with "
            f"{len(encoder.outputs)} outputs"
        )


def check_fit(encoder, decoder):
    """Raises ValueError unless the decoder returns to the shapes of the encoder."""
    code, z = encoder.outputs[0].shape[1:], input_shape(decoder, "z")
    if code != z:
        raise ValueError(
            "Encoder and decoder must have the same latent_dim. Received: "
            f"encoder latent_dim={code[-1]}, decoder latent_dim={z[-1]}"
        )
    x, logits = input_shape(encoder, "x"), decoder.outputs[0].shape[1:]
    if x != logits:
        raise ValueError(
            "The decoder must return images of the encoder's shape. Received: "
            f"encoder images {x}, decoder images {logits}"
        )
