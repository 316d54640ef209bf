"""KL divergences: in closed form where one is known, from a sample elsewhere."""

from keras import ops

from vae_utils.distributions.gaussian import DiagonalGaussian
from vae_utils.distributions.standard_normal import StandardNormal
from vae_utils.objectives import gaussian_kl


def kl_divergence(q, p, z):
    """Computes KL(q ‖ p) of each example, in nats.

    Args:
        q: distribution of the codes of each example, such as `DiagonalGaussian`.
        p: prior, such as `StandardNormal`.
        z: one code of each example drawn from q, shape (batch, latent_dim); it is used
            where no closed form is known, and the result is then an unbiased estimate.

    Returns:
        Divergences, shape (batch,), in nats.
    """
    # Copies give this term gradients of its own: without XLA, TensorFlow adds up more
    # than two in the order in which they arrive, and two equal runs differ.
    q = q.copy()
    closed_form = CLOSED_FORMS.get((type(q), type(p)))
    if closed_form is not None:
        return closed_form(q, p)
    z = ops.copy(z)
    return q.log_prob(z) - p.log_prob(z)


def has_closed_form(q, p) -> bool:
    """Tells whether `kl_divergence` needs no sample."""
    return (type(q), type(p)) in CLOSED_FORMS


#: (type of q, type of p) → function of both.
CLOSED_FORMS = {(DiagonalGaussian, StandardNormal): lambda q, p: gaussian_kl(*q)}
