from types import SimpleNamespace

import numpy as np
import pytest

from vae_utils import pipeline, pixels

COUNT = 22


@pytest.fixture
def numbered():
    """Makes images of 2 × 3 pixels whose grey value is their index."""
    numbers = np.arange(COUNT, dtype=np.uint8)
    return np.broadcast_to(numbers[:, None, None], (COUNT, 2, 3)).copy()


def draw(images, labels=None, *, epochs=3, seed=0, **options):
    """Returns all batches as NumPy arrays, one list per epoch."""
    options = {"batch_size": 5} | options
    batches, steps = pipeline.training_batches(
        images, labels, epochs=epochs, seed=seed, **options
    )
    drawn = list(batches.as_numpy_iterator())
    left = epochs - options.get("first_epoch", 0)
    assert len(drawn) == len(batches) == left * steps
    return [drawn[start : start + steps] for start in range(0, len(drawn), steps)]


def numbers_of(x):
    """Returns the indices of the images of a batch that was not binarised."""
    return np.round(x[:, 0, 0, 0] * 255).astype(int)


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_batches_depend_only_on_seed_and_epoch(images, binarisation):
    options = {"binarisation": binarisation, "batch_size": 8, "seed": 7}
    whole = draw(images[:20], epochs=5, **options)
    for first, epochs in ((0, 2), (2, 5), (4, 5)):
        part = draw(images[:20], epochs=epochs, first_epoch=first, **options)
        np.testing.assert_array_equal(part, whole[first:epochs])


def test_second_pass_gives_the_same_batches(numbered):
    batches, _ = pipeline.training_batches(numbered, batch_size=5, epochs=2, seed=0)
    first, second = (list(batches.as_numpy_iterator()) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_order_differs_between_epochs_and_seeds(numbered):
    options = {"epochs": 3, "binarisation": "none"}
    orders = [
        tuple(numbers_of(np.concatenate(epoch)))
        for seed in (0, 1, 2)
        for epoch in draw(numbered, seed=seed, **options)
    ]
    assert len(set(orders)) == 9
    assert tuple(sorted(orders[0])) != orders[0]


def test_draws_differ_between_steps_epochs_and_seeds():
    grey = np.full((4, 8, 8), 128, np.uint8)  # identical, so only draws differ
    drawn = [
        image.tobytes()
        for seed in (0, 1, 2)
        for epoch in draw(grey, epochs=3, seed=seed, batch_size=2)
        for batch in epoch
        for image in batch
    ]
    assert len(set(drawn)) == len(drawn) == 3 * 3 * 4


def test_epoch_has_every_image_at_most_once(numbered):
    dropped = set()
    for epoch in draw(numbered, epochs=6, binarisation="none"):
        assert [len(batch) for batch in epoch] == [5, 5, 5, 5]
        numbers = numbers_of(np.concatenate(epoch))
        assert len(set(numbers)) == 20
        dropped |= set(range(COUNT)) - set(numbers)
    assert len(dropped) > 2  # other images in other epochs


def test_batch_can_hold_all_images(numbered):
    ((batch,),) = draw(numbered, epochs=1, batch_size=COUNT, binarisation="none")
    assert sorted(numbers_of(batch)) == list(range(COUNT))


def test_divides_bytes_by_255():
    grey = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    ((batch,),) = draw(grey, epochs=1, batch_size=1, binarisation="none")
    assert batch.dtype == np.float32
    assert batch.shape == (1, 16, 16, 1)
    np.testing.assert_array_equal(batch, pixels.to_unit_interval(grey))


def test_static_thresholds_at_one_half():
    grey = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    ((batch,),) = draw(grey, epochs=1, batch_size=1, binarisation="static")
    np.testing.assert_array_equal(batch.ravel(), np.arange(256) >= 127.5)


def test_dynamic_draws_with_the_grey_value_as_probability():
    grey = np.tile(np.array([0, 26, 128, 230, 255], np.uint8), (50, 4, 1))
    x = np.concatenate(sum(draw(grey, epochs=20, batch_size=10), []))
    assert x.dtype == np.float32
    assert set(np.unique(x)) == {0.0, 1.0}
    p, frequency = grey[0, 0] / 255, x.reshape(-1, 5).mean(axis=0)
    assert (frequency[0], frequency[-1]) == (0.0, 1.0)
    assert (np.abs(frequency - p) <= 5 * np.sqrt(p * (1 - p) / (x.size / 5))).all()


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_and_bytes_give_the_same_batches(dtype, binarisation):
    grey = np.random.default_rng(0).integers(0, 256, (12, 4, 4), np.uint8)
    options = {"binarisation": binarisation, "batch_size": 4}
    np.testing.assert_array_equal(
        draw(grey.astype(dtype) / 255, **options), draw(grey, **options)
    )


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_labels_stay_with_their_images(binarisation):
    numbers = np.arange(COUNT)
    labels = (numbers % 10).astype(np.uint8)
    bits = (numbers[:, None] >> np.arange(5)) & 1  # binarisation cannot change these
    images = (bits * 255).astype(np.uint8).reshape(COUNT, 1, 5)
    with_labels = draw(images, labels, binarisation=binarisation)
    for batch in sum(with_labels, []):
        assert batch.keys() == {"x", "y"}
        assert batch["x"].shape == (5, 1, 5, 1)
        assert batch["y"].dtype == np.int32
        numbers = batch["x"][:, 0, :, 0] @ 2 ** np.arange(5)
        np.testing.assert_array_equal(numbers % 10, batch["y"])
    np.testing.assert_array_equal(
        [[batch["x"] for batch in epoch] for epoch in with_labels],
        draw(images, binarisation=binarisation),
    )


def test_images_stay_uint8_in_memory(numbered, monkeypatch):
    dtypes = []
    prepare = pipeline._prepare

    def recording(x, *args):
        dtypes.append(x.dtype.name)
        return prepare(x, *args)

    monkeypatch.setattr(pipeline, "_prepare", recording)
    draw(numbered, epochs=1)
    list(pipeline.evaluation_batches(numbered, batch_size=10))
    list(pipeline.evaluation_batches(numbered, batch_size=10, binarisation="none"))
    assert set(dtypes) == {"uint8"}
    assert len(dtypes) >= 3


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_evaluation_has_every_image_once_in_order(binarisation):
    grey = np.random.default_rng(0).integers(0, 256, (22, 4, 4), np.uint8)
    expected = pixels.binarise(grey, binarisation, seed=5)
    for given in (grey, pixels.to_unit_interval(grey)):
        batches = pipeline.evaluation_batches(
            given, batch_size=8, seed=5, binarisation=binarisation
        )
        for _ in range(2):  # the same in each pass
            drawn = list(batches.as_numpy_iterator())
            assert [x.shape for x in drawn] == [(n, 4, 4, 1) for n in (8, 8, 6)]
            assert {x.dtype for x in drawn} == {np.dtype(np.float32)}
            np.testing.assert_array_equal(np.concatenate(drawn), expected)


def test_evaluation_draws_differ_between_seeds(images):
    grey = np.full_like(images, 128)
    first, second = (
        next(pipeline.evaluation_batches(grey, seed=seed).as_numpy_iterator())
        for seed in (0, 1)
    )
    assert first.shape == (*grey.shape, 1)  # a batch larger than the images is fine
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_evaluation_keeps_labels_with_images(numbered, binarisation):
    numbered[:] = np.where(np.arange(COUNT) % 2, 255, 0)[:, None, None]
    labels = np.arange(COUNT) % 10
    batches = pipeline.evaluation_batches(
        numbered, labels, batch_size=5, binarisation=binarisation
    )
    drawn = list(batches.as_numpy_iterator())
    y = np.concatenate([batch["y"] for batch in drawn])
    x = np.concatenate([batch["x"] for batch in drawn])
    np.testing.assert_array_equal(y, labels)
    np.testing.assert_array_equal(x[:, 0, 0, 0], labels % 2)


def make_training(images, labels=None, **options):
    defaults = {"batch_size": 5, "epochs": 2, "seed": 0}
    return pipeline.training_batches(images, labels, **defaults | options)


both = pytest.mark.parametrize("make", [make_training, pipeline.evaluation_batches])


@both
def test_rejects_invalid_images(make, bad_images):
    images, message = bad_images
    with pytest.raises(ValueError, match=message):
        make(images, batch_size=1)


@both
@pytest.mark.parametrize("batch_size", [0, -5, 2.5, "5", True, None])
def test_rejects_invalid_batch_size(make, numbered, batch_size):
    message = f"batch_size must be a.*Received: batch_size={batch_size!r}"
    with pytest.raises(ValueError, match=message):
        make(numbered, batch_size=batch_size)


def test_rejects_a_training_batch_with_more_images_than_there_are(numbered):
    with pytest.raises(ValueError, match=r"at most .* 22. Received: batch_size=23"):
        make_training(numbered, batch_size=COUNT + 1)


@both
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.arange(COUNT - 1), r"22 examples, labels of shape \(21,\)"),
        (np.zeros((COUNT, 10), int), r"labels of shape \(22, 10\)"),
        (np.zeros(COUNT), "dtype float64"),
        (np.zeros(COUNT, bool), "dtype bool"),
    ],
)
def test_rejects_invalid_labels(make, numbered, labels, message):
    with pytest.raises(ValueError, match=f"one per example.*Received: .*{message}"):
        make(numbered, labels)


@both
@pytest.mark.parametrize(
    ("classes", "label", "largest"),
    [
        (4, 4, 3),
        (4, -1, 3),
        (10, 10, 9),
        (None, -1, 2**31 - 1),
        (None, 2**31, 2**31 - 1),
    ],
)
def test_rejects_labels_out_of_range(make, numbered, classes, label, largest):
    labels = np.full(COUNT, label)
    message = f"0 … {largest}. Received: labels from {label} to {label}"
    with pytest.raises(ValueError, match=message):
        make(numbered, labels, classes=classes)


@both
@pytest.mark.parametrize("classes", [None, 12])
def test_accepts_any_number_of_classes(make, numbered, classes):
    make(numbered, np.arange(COUNT) % 12, classes=classes)


@pytest.mark.parametrize(("first_epoch", "epochs"), [(-1, 2), (2, 2), (3, 2), (0, 0)])
def test_rejects_first_epoch_out_of_range(numbered, first_epoch, epochs):
    message = f"Received: first_epoch={first_epoch}, epochs={epochs}"
    with pytest.raises(ValueError, match=message):
        make_training(numbered, first_epoch=first_epoch, epochs=epochs)


@both
def test_rejects_unknown_binarisation(make, numbered):
    with pytest.raises(ValueError, match="must be one of .*Received: 'otsu'"):
        make(numbered, binarisation="otsu")


def test_autotuning_is_off(images):
    batches, _ = pipeline.training_batches(images, batch_size=8, epochs=1, seed=0)
    for dataset in (batches, pipeline.evaluation_batches(images)):
        assert dataset.options().autotune.enabled is False


@pytest.mark.parametrize(
    ("make", "needed"), [(make_training, 1), (pipeline.evaluation_batches, 9)]
)
def test_images_that_do_not_fit_into_memory_are_refused(make, needed, monkeypatch):
    images = np.zeros((64, 128, 128), np.uint8)  # 1 MiB

    def leave(size):
        free = SimpleNamespace(available=size)
        monkeypatch.setattr("psutil.virtual_memory", lambda: free)

    leave(needed * images.nbytes)
    make(images)
    leave(needed * images.nbytes - 1)
    with pytest.raises(ValueError, match="64 images need .* GiB of memory.*fewer"):
        make(images)
