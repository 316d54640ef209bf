"""`log_weights` of a model, compiled: one function for blocks of one shape.

Keras compiles what a model computes in `predict_on_batch`, on every backend. Weights
are inputs of the compiled function, so that it sees what training changed; it refers
to the scored model weakly, so that it does not keep it in memory.
"""

import weakref

import keras
from keras import ops

from vae_utils.blocks import has_convolutions
from vae_utils.distributions import has_closed_form, kl_divergence
from vae_utils.precision import FLOAT32, list_layers

#: Model → what scores it; of each model the latest only.
_SCORERS = weakref.WeakKeyDictionary()


def score_codes(model, batch) -> dict:
    """Scores several codes of each image.

    Args:
        model: with `log_weights`.
        batch: images `x`, (batch, height, width, channels); their codes `z`, (batch,
            samples, latent_dim), drawn from `q`; labels `y` of a conditional model.

    Returns:
        Tensors in nats: `nll` and `log_weights`, (batch, samples); `kl`, (batch,) where
        it is known in closed form, else an estimate from each code, (batch, samples).
    """
    q = batch["q"]
    scores = model.log_weights(batch["x"], batch["z"], q, batch.get("y"))
    if has_closed_form(q, model.prior):
        kl = kl_divergence(q, model.prior, None)
    else:
        kl = -scores["nll"] - scores["log_weights"]
    return {"nll": scores["nll"], "log_weights": scores["log_weights"], "kl": kl}


def may_compile(model) -> bool:
    """Tells whether a model may be compiled, and is faster then.

    Not one whose user or layers refuse. Nor one whose decoder has convolutions, where
    TensorFlow computes them on a CPU by itself: its own take less than half the time.
    """
    if model.run_eagerly or not (model.automatic_jit or model.jit_compile):
        return False
    if has_convolutions(model.decoder) and _has_own_convolutions():
        return False
    layers = (layer for part in model.parts.values() for layer in list_layers(part))
    return all(layer.supports_jit for layer in layers)


def _has_own_convolutions():
    """Tells whether convolutions are computed by TensorFlow, not by XLA, on a CPU."""
    if keras.backend.backend() != "tensorflow":
        return False
    return not keras.distribution.list_devices("gpu")


def compile_scores(model, samples: int):
    """Returns a function that does what `score_codes` does, compiled.

    The next call for the same model and number of samples returns the same function,
    unless the model has other weights than before (not only other values of them),
    another likelihood or another prior.

    Args:
        model: with `log_weights`.
        samples: codes of each image; every batch must have the same shape.

    Returns:
        Function from `batch` to NumPy arrays. It takes the weights as they are now.
    """
    variables = list(model.variables)
    uses = [model.likelihood, model.prior, *variables]
    scorer = _SCORERS.get(model)
    if scorer is None or not scorer.fits(samples, uses):
        scorer = _SCORERS[model] = _Scorer(model, samples, uses)
    weights = [ops.convert_to_tensor(variable) for variable in variables]
    return lambda batch: scorer.predict_on_batch({**batch, "weights": weights})


class _Scorer(keras.Model):
    """Scores blocks of one shape.

    Keras would relax the shapes of a function that is given a second one, and compute
    more slowly then: another shape needs another scorer.
    """

    def __init__(self, model, samples, uses):
        super().__init__(name="scorer", dtype=FLOAT32, autocast=False)
        self.samples = samples
        # Behind functions, Keras sees neither the model nor its layers.
        self._model, self._uses = weakref.ref(model), lambda: uses
        self.built, self.jit_compile = True, True

    def fits(self, samples, uses):
        """Tells whether nothing has been exchanged since this was compiled."""
        before = self._uses()
        same = len(uses) == len(before) and all(map(_is, uses, before))
        return same and samples == self.samples

    def call(self, batch):
        model, weights = self._model(), batch["weights"]
        state = list(zip(model.variables, weights, strict=True))
        with keras.StatelessScope(state_mapping=state):
            return score_codes(model, batch)


def _is(one, other):
    return one is other
