import numpy as np
import pytest
from scipy import stats

from vae_utils.distributions import DiagonalGaussian
from vae_utils.evaluation import label_information

COUNT, CLASSES = 3000, 3


def make_codes(seed, distance, deviation=0.3):
    """Codes of images: means from N(distance · label, 1 − deviation²), then q(z|x)."""
    rng = np.random.default_rng(seed)
    labels = np.arange(COUNT) % CLASSES
    spread = np.sqrt(1 - deviation**2)
    mean = distance * labels[:, None] + spread * rng.normal(size=(COUNT, 1))
    log_var = np.full((COUNT, 1), 2 * np.log(deviation))
    return DiagonalGaussian(mean.astype(np.float32), log_var.astype(np.float32)), labels


def integrate(distance):
    """I(y; z) of q(z|y) = N(distance · y, 1), by quadrature."""
    z = np.linspace(-8, 8 + CLASSES * distance, 20001)
    given = np.stack([stats.norm.pdf(z, distance * k) for k in range(CLASSES)])
    mixed = given.mean(axis=0)
    return np.trapezoid((given * np.log(given / mixed)).mean(axis=0), z)


@pytest.mark.core
@pytest.mark.parametrize("distance", [0.5, 1.5])
def test_bounds_enclose_the_integral(distance):
    found = label_information(
        *make_codes(0, distance), *make_codes(1, distance), seed=2
    )
    exact = integrate(distance)
    assert found.entropy == pytest.approx(np.log(CLASSES))
    assert found.lower == pytest.approx(exact, abs=0.03)
    assert found.upper == pytest.approx(exact, abs=0.03)
    assert found.lower - 0.01 < found.upper


def test_independent_labels_are_not_read():
    found = label_information(*make_codes(0, 0.0), *make_codes(1, 0.0))
    assert found.lower == pytest.approx(0, abs=0.02)
    assert found.upper == pytest.approx(0, abs=0.02)
    assert found.accuracy == pytest.approx(1 / CLASSES, abs=0.05)


def test_codes_far_apart_give_the_entropy():
    found = label_information(*make_codes(0, 30.0), *make_codes(1, 30.0))
    assert found.lower == pytest.approx(np.log(CLASSES), abs=1e-2)
    assert found.upper == pytest.approx(np.log(CLASSES), abs=1e-6)
    assert found.accuracy == 1


def test_codes_that_tell_their_image_leave_the_upper_bound_at_the_entropy():
    """Labels are independent of codes; the lower bound is not taken in."""
    found = label_information(*make_codes(0, 0.0, 1e-6), *make_codes(1, 0.0, 1e-6))
    assert found.upper > 0.95 * found.entropy
    assert found.lower < 0.02


def test_the_same_seed_gives_the_same_numbers():
    sets = *make_codes(0, 1.0), *make_codes(1, 1.0)
    assert label_information(*sets, seed=3) == label_information(*sets, seed=3)


def test_rejects_labels_that_do_not_fit():
    q, labels = make_codes(0, 1.0)
    with pytest.raises(ValueError, match="one label a code.*Received: 3000 codes"):
        label_information(q, labels[:-1], q, labels)
    with pytest.raises(ValueError, match="one label a code.*labels float64"):
        label_information(q, labels.astype(float), q, labels)
    with pytest.raises(ValueError, match=r"Every label must.*Received: labels \[2\]"):
        label_information(q, labels, q, labels % 2)
