import re

import numpy as np
import pytest

from vae_utils import configurations, evaluation, latent, models
from vae_utils.models import abilities

DISCRETE = {"find_codes", "predict_codes", "weigh_codes"}
LACKS = {
    "vae": {"classify", *DISCRETE},
    "cvae": {"classify", *DISCRETE},
    "ae": {"sample", "from_noise", "log_weights", "classify", *DISCRETE},
    "classifier": set(abilities.ABILITIES) - {"classify"},
    "vq-vae": {"from_noise", "log_weights", "classify", "predict_codes", "weigh_codes"},
    "code-prior": {"from_noise", "log_weights", "classify", "weigh_codes"},
    "discrete-vae": {"from_noise", "log_weights", "classify"},
}
VQ = {"width": 4, "batch_size": 80}
SMALL = {
    "classifier": {"filters": [4]},
    **dict.fromkeys(("vq-vae", "code-prior", "discrete-vae"), VQ),
}


def build(name):
    configuration = configurations.read(name, SMALL.get(name, {"hidden": [4]}))
    return models.build(configuration, image_shape=(4, 6, 1), classes=3, seed=0)


@pytest.mark.parametrize("name", LACKS)
def test_lists_missing_abilities(name):
    kind = configurations.model_class(name)
    assert set(abilities.missing(kind, abilities.ABILITIES)) == LACKS[name]
    assert abilities.missing(build(name), ["encode", "sample"]) == [
        ability for ability in ("encode", "sample") if ability in LACKS[name]
    ]


@pytest.mark.parametrize("name", LACKS)
@pytest.mark.parametrize("ability", abilities.ABILITIES)
def test_need_names_the_missing_ability(name, ability):
    kind = configurations.model_class(name)
    if ability not in LACKS[name]:
        abilities.need(kind, ability)
        return
    words = abilities.ABILITIES[ability]
    sentence = f"A model of class {kind.__name__} {words}. Received: a model without"
    with pytest.raises(ValueError, match=re.escape(f"{sentence} {ability}") + "$"):
        abilities.need(kind, ability)


def test_need_names_the_first_of_several():
    with pytest.raises(ValueError, match="without sample$"):
        abilities.need(models.Autoencoder, "encode", "sample", "log_weights")


X = np.zeros((2, 4, 6, 1), np.float32)
Z = np.zeros((2, 2), np.float32)
Y = np.zeros(2, int)


@pytest.mark.parametrize(
    ("name", "ask", "ability"),
    [
        ("classifier", lambda m: latent.encode(m, X, Y), "encode"),
        ("classifier", lambda m: latent.encode_mean(m, X, Y), "encode"),
        ("classifier", lambda m: latent.reconstruct(m, X, Y), "encode"),
        ("classifier", lambda m: latent.decode(m, Z, Y), "decode"),
        ("classifier", lambda m: latent.decode_sample(m, Z, 0, Y), "decode"),
        ("classifier", lambda m: latent.draw_codes(m, 2, 0), "sample"),
        ("ae", lambda m: latent.draw_codes(m, 2, 0), "sample"),
        ("ae", lambda m: evaluation.elbo_split(m, X), "log_weights"),
        ("ae", lambda m: evaluation.importance_sampled_nll(m, X), "log_weights"),
        ("ae", lambda m: evaluation.log_weights(m, X), "log_weights"),
        ("ae", lambda m: evaluation.integrate_grid(m, X), "log_weights"),
        ("ae", lambda m: evaluation.fit_proposals(m, X), "log_weights"),
    ],
)
def test_functions_ask_for_the_ability_they_need(name, ask, ability):
    with pytest.raises(ValueError, match=f"Received: a model without {ability}$"):
        ask(build(name))


def test_scoring_a_classifier_names_the_missing_ability():
    """Its likelihood is not asked for first."""
    for score in (evaluation.importance_sampled_nll, evaluation.elbo_split):
        with pytest.raises(ValueError, match="encodes no images"):
            score(build("classifier"), X, Y)
