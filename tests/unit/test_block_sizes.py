"""How many steps are trained in one compiled loop, and how batches become blocks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from vae_utils import training
from vae_utils.blocks import batching, shared, sizes

MIB = 2**20


def make_batches(count, shape=(2, 3)):
    numbers = np.arange(count, dtype=np.float32)
    values = np.broadcast_to(numbers.reshape(-1, 1, 1), (count, *shape))
    return tf.data.Dataset.from_tensor_slices(values)


@pytest.mark.parametrize(
    ("steps", "most", "chosen"),
    [
        (429, 83, 72),
        (429, 429, 429),
        (429, 1, 1),
        (7, 100, 7),
        (11, 10, 6),
        (97, 96, 49),
    ],
)
def test_blocks_of_an_epoch_are_as_even_as_can_be(steps, most, chosen):
    assert sizes.choose_steps(sizes.BLOCK_BYTES // most, steps) == chosen
    blocks = -(-steps // most)  # no more blocks than needed
    assert (blocks - 1) * chosen < steps <= blocks * chosen


@pytest.mark.parametrize(("side", "chosen"), [(32, 50), (512, 13), (4096, 1)])
def test_size_of_a_block_is_bounded_in_bytes(side, chosen):
    size = sizes.count_bytes(make_batches(1, (4, side, side)).element_spec)
    assert size == 4 * 4 * side**2
    assert sizes.choose_steps(size, 50) == chosen
    assert chosen == 1 or chosen * size <= sizes.BLOCK_BYTES


@pytest.mark.parametrize(
    ("given", "steps"),
    [
        (np.zeros((8, 2)), 4),
        (make_batches(8).unbatch().batch(3), 4),  # the last one is smaller
        (make_batches(8), None),
        (None, 4),
    ],
)
def test_what_cannot_be_put_together_is_trained_in_single_steps(given, steps):
    assert not sizes.can_be_blocks(given, steps, [])


@pytest.mark.parametrize(
    ("steps", "most", "chosen"),
    [(1, 64, 1), (97, 64, 1), (64, 64, 8), (512, 64, 64), (429, 64, 39), (40, 4, 4)],
)
def test_single_steps_leave_eight_calls_an_epoch(steps, most, chosen):
    assert sizes.choose_single_steps(steps, most) == chosen


class Every(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        pass


class Epochs(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        pass


@pytest.mark.parametrize(
    ("callback", "wants"),
    [
        (Every(), True),
        (Epochs(), False),
        (keras.callbacks.TerminateOnNaN(), True),
        (keras.callbacks.LambdaCallback(on_train_batch_end=print), True),
        (keras.callbacks.EarlyStopping(), False),
        (training.Progress(), False),
        (training.StopIfDiverged(), False),
    ],
)
def test_callbacks_that_want_every_batch_are_known(callback, wants):
    assert sizes.wants_batches(callback) is wants
    assert sizes.can_be_blocks(make_batches(6), 6, [callback]) is not wants


@pytest.mark.parametrize(
    ("per_epoch", "steps"), [(6, 3), (7, 3), (5, 5), (4, 3), (3, 1)]
)
def test_blocks_have_every_batch_once_and_end_with_the_epoch(per_epoch, steps):
    epochs = 3
    blocks = list(
        batching.in_blocks(make_batches(epochs * per_epoch), per_epoch, steps)
    )
    assert {block["batches"].shape for block in blocks} == {(steps, 2, 3)}
    counts = [int(block["count"]) for block in blocks]
    assert np.cumsum(counts)[len(counts) // epochs - 1] == per_epoch
    used = [block["batches"][: block["count"], 0, 0] for block in blocks]
    np.testing.assert_array_equal(np.concatenate(used), np.arange(epochs * per_epoch))


def test_labels_stay_with_their_images():
    x = np.arange(24, dtype=np.uint8).reshape(6, 2, 2)
    batches = tf.data.Dataset.from_tensor_slices({"x": x, "y": x[:, :, 0]})
    blocks = list(batching.in_blocks(batches, 6, 4))
    for block, first in zip(blocks, (0, 4), strict=True):
        count = int(block["count"])
        np.testing.assert_array_equal(block["batches"]["x"][:count], x[first:][:count])
        np.testing.assert_array_equal(
            block["batches"]["y"], block["batches"]["x"][..., 0]
        )


FIRST = "HloModule a, x\n%add.1 (a: f32[]) {\n  %b = f32[] add(%a, %a), metadata={}\n}"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (FIRST.replace("module a", "module b").replace("add.1", "layer_7.sum"), True),
        (FIRST.replace("f32[]) {", "f32[2]) {"), False),
        (FIRST.replace("add(%a, %a)", "add(%a, %b)"), False),
        (FIRST.replace("add(", "multiply("), False),
    ],
)
def test_programs_are_the_same_whatever_their_names(other, same, monkeypatch):
    monkeypatch.setattr(shared, "_compiled", shared.OrderedDict())
    assert shared.compile_once(FIRST, lambda: 1) == 1
    assert shared.compile_once(other, lambda: 2) == (1 if same else 2)


def test_only_the_last_programs_are_kept(monkeypatch):
    monkeypatch.setattr(shared, "_compiled", shared.OrderedDict())
    monkeypatch.setattr(shared, "MOST", 2)
    for number in (1, 2, 1, 3):  # 1 is used again before 3 comes
        shared.compile_once(f"\n%a = {number}", lambda number=number: [number])
    kept = [shared.compile_once(f"\n%a = {n}", lambda: "new") for n in (1, 3)]
    assert kept == [[1], [3]]
    assert shared.compile_once("\n%a = 2", lambda: "new") == "new"
