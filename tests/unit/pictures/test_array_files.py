import gzip
import zipfile

import numpy as np
import pytest
from idx_files import idx_bytes
from picture_files import draw
from sentences import assert_is_a_sentence

from vae_utils import datasets
from vae_utils.datasets.pictures import array_files

X = np.stack([np.asarray(draw(i, 9, 7)) for i in range(20)])
Y = np.arange(20) % 2


def load(path, **options):
    """Loads it, and once more by its recipe."""
    data = datasets.load(path, **options)
    again = datasets.load_again(data.recipe, data.content)
    np.testing.assert_array_equal(again.x_train, data.x_train)
    assert str(path) in data.provenance and data.name == f"./{path.name}"
    return data


def test_loads_npz_as_keras_names_it(own):
    path = own / "faces.npz"
    np.savez(path, x_train=X[:15], y_train=Y[:15], x_test=X[15:], y_test=Y[15:, None])
    data = load(path, class_names=["no", "yes"], validation=0.2, seed=2)
    assert [len(data.x_train), len(data.x_val), len(data.x_test)] == [12, 3, 5]
    assert data.class_names == ("no", "yes") and data.image_shape == (7, 9, 3)
    assert {x.tobytes() for x in data.x_test} == {x.tobytes() for x in X[15:]}


def test_loads_npz_of_one_array(own):
    np.savez_compressed(own / "a.npz", x=X, other=Y)
    assert load(own / "a.npz").class_names == ("image",)
    np.savez(own / "b.npz", x=X / 255, y=Y)
    assert load(own / "b.npz").class_names == ("0", "1")
    np.savez(own / "c.npz", x_train=X[:10], x_val=X[10:15], x_test=X[15:])
    data = load(own / "c.npz")
    assert [len(data.x_train), len(data.x_val), len(data.x_test)] == [10, 5, 5]


def test_loads_npy(own):
    np.save(own / "a.npy", X)
    data = load(own / "a.npy")
    assert [len(data.x_train), len(data.x_val), len(data.x_test)] == [16, 2, 2]


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("dot", ["-", "."])
def test_loads_idx_of_any_size(own, ending, dot):
    arrays = {
        "train-images-idx4-ubyte": X[:15],
        "train-labels-idx1-ubyte": Y[:15].astype(np.uint8),
        "t10k-images-idx4-ubyte": X[15:],
        "t10k-labels-idx1-ubyte": Y[15:].astype(np.uint8),
    }
    for name, array in arrays.items():
        raw = idx_bytes(array)
        path = own / (name.replace("-idx", f"{dot}idx") + ending)
        path.write_bytes(gzip.compress(raw) if ending else raw)
    data = load(own, validation=0.2)
    assert [len(data.x_train), len(data.x_val), len(data.x_test)] == [12, 3, 5]
    assert data.class_names == ("0", "1")


def test_loads_idx_without_labels_or_test(own):
    (own / "my-images-idx3-ubyte").write_bytes(idx_bytes(X[..., 0]))
    data = load(own)
    assert data.image_shape == (7, 9, 1) and data.class_names == ("image",)


def pickled(path):
    np.savez(path, x=np.array([{}], object))


def big(path):
    """Two gigabytes of zeros in two megabytes, and a directory that says more."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", b"\x93NUMPY" + bytes(1000))
        archive.filelist[0].file_size = 2**50


def huge_header(path):
    with zipfile.ZipFile(path, "w") as archive, archive.open("x.npy", "w") as stream:
        shape = (2**40, 28, 28)
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(stream, header)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda path: path.write_bytes(b"junk"), "without pickles"),
        (lambda path: path.write_bytes(b""), "without pickles"),
        (lambda path: path.mkdir(), "holds no pictures"),
        (pickled, "without pickles .*Object arrays cannot be loaded"),
        (big, "a.npz's arrays need .* GiB of memory"),
        (huge_header, "without pickles"),
        (lambda path: np.savez(path, images=X), "must hold .* x_train .*with images"),
        (lambda path: np.savez(path, x_test=X), "must hold .* x_train .*with x_test"),
        (lambda path: np.savez(path, x=X.astype(int)), "Images must be uint8"),
        (lambda path: np.savez(path, x=X, y=Y[:3]), "one per example"),
    ],
)
def test_refuses_npz_in_one_sentence(own, write, words):
    write(own / "a.npz")
    with pytest.raises(ValueError, match=words) as caught:
        datasets.load(own / "a.npz")
    assert_is_a_sentence(caught.value)


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("train-images-idx3-ubyte", idx_bytes(X[..., 0])[:-1], "must have .* bytes"),
        ("train-images-idx3-ubyte", idx_bytes(X[..., 0]) + b"x", "must have .* bytes"),
        ("train-images-idx3-ubyte", b"junk and more", "must begin with 00 00 08"),
        ("train-images-idx3-ubyte", b"", "must begin with 00 00 08.*no bytes"),
        ("train-images-idx3-ubyte.gz", b"\x1f\x8bjunk", "an IDX file, raw or .gz"),
        (
            "train-images-idx3-ubyte",
            b"\0\0\x08\x03" + b"\xff\xff\xff\x00" * 3,
            "IDX files need .* GiB of memory",
        ),
        ("train-labels-idx1-ubyte", b"", "must hold IDX files of training images"),
        ("t10k-images-idx3-ubyte", b"", "must hold IDX files of training images"),
    ],
)
def test_refuses_idx_files_in_one_sentence(own, name, raw, words):
    (own / name).write_bytes(raw)
    with pytest.raises(ValueError, match=words) as caught:
        datasets.load(own)
    assert_is_a_sentence(caught.value)
    assert str(own) in str(caught.value)


def test_refuses_idx_files_of_two_data_sets(own):
    for name in ("a-train-images-idx3-ubyte", "b-train-images-idx3-ubyte"):
        (own / name).write_bytes(idx_bytes(X[..., 0]))
    with pytest.raises(ValueError, match="of one data.*a-train.*, b-train") as caught:
        datasets.load(own)
    assert_is_a_sentence(caught.value)


def test_a_gzip_bomb_is_not_unpacked(own, monkeypatch):
    """Reading stops a byte beyond what the header says."""
    raw = idx_bytes(X[..., 0]) + bytes(10**7)
    (own / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(raw))
    read = []
    parse = array_files.idx.parse
    monkeypatch.setattr(
        array_files.idx, "parse", lambda raw: read.append(len(raw)) or parse(raw)
    )
    with pytest.raises(ValueError, match="too long"):
        datasets.load(own)
    assert read == [len(raw) - 10**7 + 1]
