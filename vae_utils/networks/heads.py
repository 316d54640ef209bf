"""What an encoder ends in."""

from keras import layers, ops

LOG_VAR_BOUND = 10.0  # keeps a standard deviation of q(z|x) between e^-5 and e^5


def gaussian_head(features, latent_dim: int):
    """Adds the two outputs of a VAE's encoder: z_mean and z_log_var.

    The log-variance is squashed smoothly into `LOG_VAR_BOUND` either way of zero, so
    that its exponential stays finite whatever the weights are.

    Args:
        features: tensor, shape (batch, width).
        latent_dim: number of latent dimensions.

    Returns:
        z_mean and z_log_var, each of shape (batch, latent_dim).
    """
    z_mean = layers.Dense(latent_dim, name="z_mean")(features)
    raw = layers.Dense(latent_dim, name="z_log_var")(features)
    return z_mean, LOG_VAR_BOUND * ops.tanh(raw / LOG_VAR_BOUND)


def code_head(features, latent_dim: int):
    """Adds the single output of a plain autoencoder's encoder: the code z.

    Args:
        features: tensor, shape (batch, width).
        latent_dim: number of latent dimensions.

    Returns:
        The code, shape (batch, latent_dim).
    """
    return layers.Dense(latent_dim, name="z")(features)
