"""The contract of every model: parts, terms, objective; the loss is computed here.

Keras trains what `compute_loss` returns: the mean over examples of `objective`, which
combines the `terms` of each example. A new idea is a subclass that says what its
networks compute (`forward`), what the terms are (`score`), and how they are combined;
a bug worth looking at is a subclass with another `objective`.
"""

import keras
from keras import ops


class Trainable(keras.Model):
    """A model that is trained on the mean of an objective per example.

    `fit` and `evaluate` report `loss`, and the means of the terms named in `reports`.
    Batches are images, (batch, height, width, channels), or
    `{"x": images, "y": labels}`, since `fit` would take a pair for input and target.

    A subclass defines `forward`, `score`, `objective`, and `parts`: name → layer, of
    everything that has weights. Parts are saved, loaded, counted and exported by name.

    Evaluation and figures ask a model for abilities, never for its class: `sample`,
    `encode`, `decode`, `log_weights`, `classify`. A model has those that it defines.
    """

    reports: tuple[str, ...] = ()  # terms whose means are shown and recorded
    conditional = False  # whether batches have labels

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._trackers = [keras.metrics.Mean(name=name) for name in self.reports]

    @property
    def parts(self) -> dict[str, keras.Layer]:
        """Name → layer, of everything that has weights."""
        raise TypeError(f"{type(self).__name__} must say what its parts are.")

    def forward(self, x, y=None, training=None) -> dict:
        """Runs the networks: name → what `score` needs of them.

        Args:
            x: images, shape (batch, height, width, channels).
            y: labels, ints, shape (batch,), of a model that takes them.
            training: for the networks, which may have layers such as dropout.
        """
        raise TypeError(f"{type(self).__name__} must run its networks.")

    def score(self, outputs: dict, x, y=None) -> dict:
        """Computes the terms of the objective from what `forward` returned.

        Args:
            outputs: of `forward`.
            x: images, shape (batch, height, width, channels).
            y: labels, ints, shape (batch,), of a model that takes them.

        Returns:
            Name → tensor with one row per example; in nats unless stated otherwise.
        """
        raise TypeError(f"{type(self).__name__} must compute its terms.")

    def objective(self, terms: dict):
        """Combines the terms to what is minimised, shape (batch,)."""
        raise TypeError(f"{type(self).__name__} must have an objective.")

    def terms(self, x, y=None) -> dict:
        """Computes the terms of the objective, as `score` returns them."""
        return self.score(self.forward(x, y), x, y)

    def call(self, batch, training=None):
        return self.forward(*_split(batch), training=training)

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        if sample_weight is not None:
            raise ValueError(
                "The objective is a plain mean over examples and takes no sample "
                f"weights. Received: sample_weight={sample_weight!r}"
            )
        terms = self.score(y_pred, *_split(x))
        for tracker in self._trackers:
            tracker.update_state(terms[tracker.name])
        # The only mean is over examples; networks may add regularisers.
        return ops.mean(self.objective(terms)) + sum(self.losses)


def _split(batch):
    """Returns images and labels of a batch; None for labels where there are none."""
    return (batch["x"], batch["y"]) if isinstance(batch, dict) else (batch, None)


def count_parameters(model: Trainable) -> int:
    """Counts the weights of all parts of a model."""
    return sum(part.count_params() for part in model.parts.values())
