"""The contract of every model: parts, terms, objective; the loss is computed here.

Keras trains what `compute_loss` returns: the mean over examples of `objective`, which
combines the `terms` of each example. A new idea is a subclass that says what its
networks compute (`forward`), what the terms are (`score`), and how they are combined;
a bug worth looking at is a subclass with another `objective`.
"""

import contextlib

import keras
from keras import ops

from vae_utils.blocks import in_blocks
from vae_utils.models.batches import check_given, scale, split
from vae_utils.models.saving import check_saveable
from vae_utils.precision import FLOAT32, pinned, scale_if_needed
from vae_utils.serialization import deserialize


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
    automatic_steps = False  # whether `fit` chooses how many steps it runs in one call
    automatic_jit = True  # whether Keras chooses if they are compiled
    block_steps = 1  # how many `fit` has run in one compiled loop

    def __init__(self, **kwargs):
        # What the networks compute in is their own affair.
        super().__init__(**kwargs | {"dtype": FLOAT32})
        self._trackers = [
            keras.metrics.Mean(name=name, dtype=FLOAT32) for name in self.reports
        ]

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

    def learning(self, training):
        """Returns a context in which a batch is trained on, if `training`.

        A part that learns from the batches without gradients is put into that mode
        here.
        """
        return contextlib.nullcontext()

    def terms(self, x, y=None) -> dict:
        """Computes the terms of the objective, as `score` returns them."""
        x = scale(x)
        return self.score(self.forward(x, y), x, y)

    def call(self, batch, training=None):
        x, y = split(batch, conditional=self.conditional)
        with self.learning(training):
            return self.forward(x, y, training=training)

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        for name, value in (("y", y), ("sample_weight", sample_weight)):
            if value is not None:
                raise ValueError(
                    "Images are both input and target, and the objective is a plain "
                    "mean over examples: batches are images, or {'x': images, 'y': "
                    f"labels}}. Received: {name} of shape {tuple(value.shape)}"
                )
        x, labels = split(x, conditional=self.conditional)
        with self.learning(training):
            terms = self.score(y_pred, x, labels)
        for tracker in self._trackers:
            tracker.update_state(terms[tracker.name])
        # The only mean is over examples; networks may add regularisers.
        return ops.mean(self.objective(terms)) + sum(self.losses)

    def compile(self, optimizer="rmsprop", *, steps_per_execution="auto", **options):
        """Does what Keras does; float16 gradients are scaled, lest they vanish.

        Args:
            optimizer: as in Keras.
            steps_per_execution: as in Keras; `"auto"` lets `fit` choose, and compile
                the loop over the steps as a whole, which is faster.
            **options: as in Keras.
        """
        self.automatic_steps = steps_per_execution == "auto"
        self.automatic_jit = options.get("jit_compile", "auto") == "auto"
        self.block_loops = {}  # specification of a batch → what trains on many
        if self.automatic_steps:
            steps_per_execution = 1
        with pinned():
            optimizer = scale_if_needed(keras.optimizers.get(optimizer), self.parts)
            super().compile(
                optimizer, steps_per_execution=steps_per_execution, **options
            )

    def get_compile_config(self):
        """Lists how the model was compiled."""
        config = super().get_compile_config()
        if config and self.automatic_jit:
            config["jit_compile"] = "auto"
        if config and self.automatic_steps:
            config["steps_per_execution"] = "auto"
        return config

    def compile_from_config(self, config):
        """Compiles a loaded model as it was compiled when it was saved."""
        self.compile(**deserialize(config))
        self.optimizer.build(self.trainable_variables)  # the file has their values

    def fit(self, x=None, *args, validation_data=None, **options):
        """Does what Keras does, once images and labels are found to be such.

        Batches whose `steps_per_epoch` is given are trained on many in one call, in
        compiled loops (`blocks`); of each loop callbacks see the last batch. If one of
        them defines `on_train_batch_end` or the like and not `takes_blocks = True`,
        each batch is trained on by itself, which is slower.

        Args:
            x: images, uint8 or float in [0, 1], or `{"x": images, "y": labels}`; or
                batches of them, of which only the first is looked at.
            *args: as in Keras.
            validation_data: as `x`.
            **options: as in Keras.

        Raises:
            ValueError: if images or labels are not what the model takes.
        """
        validation_data = check_given(self, validation_data)
        x = check_given(self, x)
        needed = {name: options.get(name) for name in ("steps_per_epoch", "callbacks")}
        with pinned(), in_blocks(self, x, **needed) as x:
            return super().fit(x, *args, validation_data=validation_data, **options)

    def evaluate(self, x=None, *args, **options):
        """Does what Keras does, with what `fit` takes."""
        with pinned():
            return super().evaluate(check_given(self, x), *args, **options)

    def predict(self, x, *args, **options):
        """Does what Keras does, with what `fit` takes."""
        with pinned():
            return super().predict(check_given(self, x), *args, **options)

    def get_config(self):
        """Lists the arguments that make the model again.

        A class that takes more of them adds those to what its parent lists.
        """
        return {"name": self.name}

    def save(self, filepath, *args, **options):
        """Does what Keras does, unless `load_model` could not read the file."""
        check_saveable(self)
        super().save(filepath, *args, **options)


def count_parameters(model: Trainable) -> int:
    """Counts the weights of all parts of a model."""
    return sum(part.count_params() for part in model.parts.values())
