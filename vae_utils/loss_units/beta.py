"""The β of a loss in nats, whatever the loss sums and averages over."""

import math

from vae_utils.checks import check_positive_integer, is_finite_number

RECONSTRUCTIONS = ("bernoulli", "squared_error")
REDUCTIONS = ("sum", "mean")
BATCH_SIZE = "the images of a batch, needed if one term sums over them and one averages"


def effective_beta(
    *,
    reconstruction: str = "bernoulli",
    pixel_reduction: str = "sum",
    latent_reduction: str = "sum",
    reconstruction_weight: float = 1.0,
    kl_weight: float = 1.0,
    pixels: int = 784,
    latent_dim: int = 2,
    reconstruction_batch: str = "mean",
    kl_batch: str = "mean",
    batch_size: int | None = None,
) -> float:
    """Computes the β that a recipe really trains with.

    A recipe's loss is a multiple of nll + β · KL, with both terms in nats per image:
    nll is summed over pixels, KL over latent dimensions, and the mean over the batch
    comes last. A multiple has the same minimum and the same direction of gradient, so
    recipes differ only in β. A mean over pixels divides the reconstruction by their
    number, so it multiplies β by it; a mean over latent dimensions divides β.

    Args:
        reconstruction: the error per pixel, `"bernoulli"` (binary cross-entropy) or
            `"squared_error"` ((x − x̂)², without a ½). A squared error is taken as the
            nll of a Gaussian with σ² = ½, which it equals up to a constant;
            `implied_sigma` fixes β = 1 instead. β is the same for both kinds.
        pixel_reduction: over pixels and channels, `"sum"` or `"mean"`.
        latent_reduction: over latent dimensions, `"sum"` or `"mean"`.
        reconstruction_weight: factor of the reconstruction.
        kl_weight: factor of the KL including its ½, ½ (μ² + σ² − 1 − log σ²). If the
            recipe leaves out the ½, the factor is 2.
        pixels: of an image, times its channels.
        latent_dim: dimensions of z.
        reconstruction_batch: over the images of a batch, `"sum"` or `"mean"`.
        kl_batch: the same, for the KL.
        batch_size: images in a batch; needed only if these two differ.

    Returns:
        The factor of the KL in nats, β; 1 for the ELBO.

    Raises:
        ValueError: if an argument is invalid, a weight is negative or not finite, or
            `reconstruction_weight` is zero.

    Source:
        Higgins et al. (2017), who multiply β by the size of z and divide it by that of
        the image, https://openreview.net/forum?id=Sy2fzU9gl.
    """
    _check_choices(RECONSTRUCTIONS, reconstruction=reconstruction)
    _check_choices(
        REDUCTIONS, pixel_reduction=pixel_reduction, latent_reduction=latent_reduction
    )
    _check_choices(
        REDUCTIONS, reconstruction_batch=reconstruction_batch, kl_batch=kl_batch
    )
    _check_weights(reconstruction_weight=reconstruction_weight, kl_weight=kl_weight)
    check_positive_integer(pixels, "pixels", "pixels × channels of an image")
    check_positive_integer(latent_dim, "latent_dim", "the dimensions of z")
    if batch_size is not None or reconstruction_batch != kl_batch:
        check_positive_integer(batch_size, "batch_size", BATCH_SIZE)
    beta = float(kl_weight) / float(reconstruction_weight)
    if pixel_reduction == "mean":
        beta *= int(pixels)
    if latent_reduction == "mean":
        beta /= int(latent_dim)
    if reconstruction_batch == "mean" and kl_batch == "sum":
        beta *= int(batch_size)
    if reconstruction_batch == "sum" and kl_batch == "mean":
        beta /= int(batch_size)
    return beta


def implied_sigma(**settings) -> float:
    """Computes the σ for which a loss of squared errors is an ELBO with β = 1.

    The nll of a Gaussian is (x − x̂)² / 2σ² plus a constant, so squared errors summed
    over pixels are 2σ² · nll. For σ² = ½ they are the nll itself, and the loss is
    nll + β · KL. For any other σ the loss is 2σ² · nll + β · KL, which is a multiple of
    the ELBO if 2σ² = β, so σ = √(β / 2).

    Args:
        **settings: arguments of `effective_beta`, with
            `reconstruction="squared_error"`.

    Returns:
        The standard deviation of a pixel, in the units of the images.

    Raises:
        ValueError: as for `effective_beta`, or if the reconstruction is not a squared
            error, or `kl_weight` is zero.

    Source:
        Rybkin, Daniilidis and Levine (2021), https://arxiv.org/abs/2006.13202.
    """
    beta = effective_beta(**settings)
    kind = settings.get("reconstruction", "bernoulli")
    if kind != "squared_error":
        raise ValueError(
            "σ is defined only for squared errors; set "
            "reconstruction='squared_error'. "
            f"Received: reconstruction={kind!r}"
        )
    if beta == 0:
        raise ValueError(
            "kl_weight must be positive: without a KL the loss is no ELBO. "
            f"Received: kl_weight={settings['kl_weight']!r}"
        )
    return math.sqrt(beta / 2)


def _check_choices(choices, **arguments):
    for name, value in arguments.items():
        if value not in choices:
            allowed = " or ".join(f"'{choice}'" for choice in choices)
            raise ValueError(f"{name} must be {allowed}. Received: {name}={value!r}")


def _check_weights(**arguments):
    for name, value in arguments.items():
        if not (is_finite_number(value) and value >= 0):
            raise ValueError(
                f"{name} must be a finite number, 0 or more. Received: {name}={value!r}"
            )
    weight = arguments["reconstruction_weight"]
    if weight == 0:
        raise ValueError(
            "reconstruction_weight must be above 0: without a reconstruction there is "
            f"no β. Received: reconstruction_weight={weight!r}"
        )
