"""How the numbers of the networks of `04_cvae` were measured."""

from studies.label_runs import CLASSIFIERS, UNITS
from studies.protocol import IS_SAMPLES, describe
from vae_utils import evaluation, runs
from vae_utils.evaluation import label_bounds as reader

BINARISED = f"binarised once (dynamic, seed {evaluation.BINARISATION_SEED})"
MEASURED = {
    "elbo": f"all test images, {BINARISED}; one sample of z each; nats",
    "nll": "part of elbo",
    "kl": "part of elbo",
    "is_nll": f"every {evaluation.TEST_STRIDE}th of the test images, {BINARISED}; "
    f"importance-sampled, K = {IS_SAMPLES}; nats",
    "labels": "the model gets those of the test images; elbo and is_nll are of p(x|y), "
    "or of p(x) if its decoder ignores them",
    "active_units": f"all test images, {BINARISED}; dimensions whose posterior mean "
    f"has a variance above {evaluation.ACTIVE_VARIANCE}",
    "dead_…": "neurons or filters of a layer with an activation, in the order of "
    "computation, whose activation exceeds zero for none of the test images, "
    f"{BINARISED}; in the decoder for none of their codes, one sample each; leaky ReLU "
    "and GELU exceed zero where their input does",
    "units": UNITS,
    "generated": "one image per test image, with that image's label if the model is "
    f"conditional: decoder mean, z from the prior (seed {evaluation.PRIOR_SEED})",
    "fdd": "Fréchet digit distance between these and the grey test images",
    "conditional_accuracy": "share of these that the classifier assigns to the label "
    "they were generated with",
    "seconds": "of training, on the processor, all threads together",
}
OF_LABELS = {
    "label_lower": "lower bound on I(y; z): H(y) minus the cross-entropy of a "
    f"classifier of codes ({'-'.join(map(str, reader.WIDTHS))} units, {reader.EPOCHS} "
    f"epochs, {reader.DRAWS} codes of each training image), on one code of each test "
    f"image; all images {BINARISED}; nats",
    "label_upper": "upper bound on I(y; z): exact if the test images were the whole "
    "population, with one code each; it is close to H(y), and says little, where a "
    "code tells which of these images it is of",
    "label_entropy": "H(y) of the test images; nats",
    "label_accuracy": "share of test codes that this classifier assigns to their label",
    "aggregate_kl": "lower bound on KL(q(z) ‖ p(z)) from mean and covariance of one "
    "code of each test image; nats; about 0.01 too high, as codes are finitely many",
    "class_kl": "the same of KL(q(z|y) ‖ p(z)), the codes of one class at a time, "
    "averaged; a lower bound on I(y; z) + KL(q(z) ‖ p(z)); about 0.1 too high",
}


def describe_runs(data, *, labels: bool) -> dict:
    """States how the numbers were made.

    Args:
        data: the data set.
        labels: whether what codes reveal about labels was measured.
    """
    name = CLASSIFIERS[data.name]
    study = runs.load_study(name)
    classifier = {
        "study": name,
        "test_accuracy": study.one.metrics["test_accuracy"],
        **study.files,
    }
    measured = MEASURED | (OF_LABELS if labels else {}) | {"classifier": classifier}
    minutes = "of training, with the validation of every epoch, by the clock; other "
    minutes += "programs shared the machine; recorded in several calls, of which the "
    minutes += "last one's versions and hardware are kept"
    return describe(data, measured, minutes=minutes)
