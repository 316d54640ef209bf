import gc

import pytest

from vae_utils import interruption
from vae_utils.training.interruptions import StopIfInterrupted


@pytest.fixture(autouse=True)
def nothing_requested():
    interruption.forget()
    yield
    interruption.forget()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_python_drops_ends_training_all_the_same():
    class Destroyed:
        def __del__(self):
            interruption.request(KeyboardInterrupt("asked to end"))

    Destroyed()
    gc.collect()
    for check in (
        lambda: StopIfInterrupted().on_train_batch_end(0),
        lambda: StopIfInterrupted().on_epoch_end(0),
    ):
        with pytest.raises(KeyboardInterrupt, match="asked to end"):
            check()


def test_a_request_is_raised_at_once_and_forgotten_when_asked():
    with pytest.raises(KeyboardInterrupt):
        interruption.request(KeyboardInterrupt())
    interruption.forget()
    StopIfInterrupted().on_train_batch_end(0)
