import pytest

from vae_utils import evaluation, training
from vae_utils.configurations import ClassifierConfiguration

pytestmark = pytest.mark.core


def test_classifier_learns_the_labels(data):
    configuration = ClassifierConfiguration(
        filters=(8, 16), kernel=3, batch_size=16, epochs=30, learning_rate=0.01
    )
    model, history = training.train(configuration, data, seed=1)
    assert {len(values) for values in history.values()} == {30}
    assert history["val_accuracy"][-1] > 0.9
    predictions, _ = evaluation.classify(model.network, data.x_val)
    accuracy = (predictions == data.y_val).mean()
    assert accuracy == pytest.approx(history["val_accuracy"][-1])
