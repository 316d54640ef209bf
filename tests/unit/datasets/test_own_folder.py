import shlex

import pytest
from idx_files import check_arrays, fashion_raws, load_sample, write
from idx_server import flipped

from vae_utils import datasets


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("within", ["", "mnist"])
def test_loads_from_your_folder(tmp_path, raws, arrays, monkeypatch, ending, within):
    write(tmp_path / "own" / within, raws, ending)
    data = datasets.load("mnist", data_dir=tmp_path / "own")
    check_arrays(data, arrays["mnist"])
    assert "from your folder (SHA-256 verified)" in data.provenance
    assert str(tmp_path) not in data.provenance
    monkeypatch.setenv("VAE_UTILS_DATA_DIR", str(tmp_path / "own"))
    assert datasets.load("mnist").complete
    assert len(list((tmp_path / "own" / within).iterdir())) == 4
    assert not (tmp_path / "cache").exists()


def test_accepts_dots_in_file_names(tmp_path, raws, arrays):
    dotted = {name.replace("-idx", ".idx"): raw for name, raw in raws.items()}
    data = datasets.load("mnist", data_dir=write(tmp_path / "own", dotted))
    check_arrays(data, arrays["mnist"])


def test_your_folder_overrides_the_quick_profile(tmp_path, raws, monkeypatch):
    own = write(tmp_path / "own", raws)
    monkeypatch.setenv("VAE_BOOK_PROFILE", "quick")
    assert datasets.load("mnist", data_dir=own).complete
    assert not datasets.load("mnist", data_dir=own, sample=True).complete


@pytest.mark.parametrize("damage", [flipped, lambda raw: raw[:-1], lambda raw: b""])
def test_rejects_a_damaged_file_in_your_folder(server, tmp_path, raws, damage):
    own = write(tmp_path / "own", raws)
    path = own / "t10k-images-idx3-ubyte"
    path.write_bytes(damage(raws[path.name]))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="not the file that was published") as caught:
        datasets.load("mnist", data_dir=own, mirrors=[server.mirror("good")])
    assert str(path) in str(caught.value) and "Received: " in str(caught.value)
    assert path.read_bytes() == before
    assert server.asked == []


def test_rejects_a_folder_with_another_data_set(tmp_path, raws):
    own = write(tmp_path / "own", raws)
    with pytest.raises(ValueError, match="each data set needs its own"):
        datasets.load("fashion_mnist", data_dir=own)


def test_finds_another_data_set_in_a_subfolder(tmp_path, raws, arrays):
    own = write(tmp_path / "own", raws)
    write(own / "fashion_mnist", fashion_raws(arrays))
    for name in datasets.CATALOG:
        check_arrays(datasets.load(name, data_dir=own), arrays[name])


def test_adds_missing_files_to_your_folder(server, tmp_path, raws, arrays):
    own = write(tmp_path / "own", raws, names=["train-labels-idx1-ubyte"])
    data = datasets.load("mnist", data_dir=own, mirrors=[server.mirror("good")])
    check_arrays(data, arrays["mnist"])
    assert "from your folder and the web" in data.provenance
    assert {path.name: path.read_bytes() for path in own.iterdir()} == raws
    assert not (tmp_path / "cache").exists()


def test_creates_your_folder_from_the_cache(tmp_path, raws, cache):
    write(cache, raws)
    data = datasets.load("mnist", data_dir=tmp_path / "new")
    assert "from the cache" in data.provenance
    made = tmp_path / "new" / "mnist"
    assert {path.name: path.read_bytes() for path in made.iterdir()} == raws


@pytest.mark.parametrize("offline", [True, False])
def test_does_not_change_your_folder_without_downloads(
    server, tmp_path, raws, monkeypatch, offline
):
    own = write(tmp_path / "own", raws, names=["train-labels-idx1-ubyte"])
    if offline:
        monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    good = [server.mirror("good")]
    message = load_sample("mnist", data_dir=own, download=offline, mirrors=good)
    assert "- your folder: no train-images-idx3-ubyte, no t10k" in message
    reason = "VAE_UTILS_OFFLINE=1" if offline else "download=False"
    assert message.count(f"not tried because of {reason}") == 2
    assert len(list(own.iterdir())) == 1
    assert server.asked == []


def test_does_not_change_your_folder_when_the_cache_has_the_rest(tmp_path, raws, cache):
    write(cache, raws)
    own = write(tmp_path / "own", raws, names=["train-labels-idx1-ubyte"])
    data = datasets.load("mnist", data_dir=own, download=False)
    assert "the cache" in data.provenance and "your folder" in data.provenance
    assert len(list(own.iterdir())) == 1


def test_rejects_a_missing_folder_without_downloads(tmp_path):
    with pytest.raises(ValueError, match="No such file.*Received: data_dir=.*nowhere'"):
        datasets.load("mnist", data_dir=tmp_path / "nowhere", download=False)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("download", [True, False])
def test_rejects_a_file_instead_of_a_folder(tmp_path, download):
    (tmp_path / "own").write_text("not a folder")
    with pytest.raises(ValueError, match="must be a folder.*Received: .*own"):
        datasets.load("mnist", data_dir=tmp_path / "own", download=download)


def test_rejects_a_folder_instead_of_a_file(tmp_path, raws):
    own = write(tmp_path / "own", raws, names=["train-labels-idx1-ubyte"])
    (own / "t10k-images-idx3-ubyte").mkdir()
    with pytest.raises(ValueError, match="cannot be read.*t10k-images-idx3-ubyte'"):
        datasets.load("mnist", data_dir=own)


@pytest.mark.parametrize("within", ["", "mnist"])
@pytest.mark.parametrize("download", [True, False])
def test_rejects_a_folder_with_other_files_only(server, tmp_path, within, download):
    own = tmp_path / "my photos"
    (own / within).mkdir(parents=True)
    (own / within / "a.png").write_bytes(b"x")
    options = {"download": download, "mirrors": [server.mirror("good")]}
    with pytest.raises(ValueError, match="holds other files, such as 'a.png'") as error:
        datasets.load("mnist", data_dir=own, **options)
    folder = shlex.quote(str(own / within))
    assert f"train --preset pictures --data {folder}." in str(error.value)
    assert [path.name for path in own.rglob("*") if path.is_file()] == ["a.png"]
    assert server.asked == []


def test_fills_an_empty_folder_and_one_with_another_data_set(server, tmp_path, raws):
    for own in (tmp_path / "empty", tmp_path / "other"):
        (own / "fashion_mnist" if own.name == "other" else own).mkdir(parents=True)
        datasets.load("mnist", data_dir=own, mirrors=[server.mirror("good")])
        assert {path.name for path in (own / "mnist").iterdir()} == set(raws)
