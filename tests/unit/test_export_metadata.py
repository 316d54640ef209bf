"""What is said about an exported model names no folder of the machine it is from."""

import json

from vae_utils.export import limits, measurements, metadata
from vae_utils.runs import loading

PLACE = "/home/jane/private/photos"
RECIPE = {"kind": "folder", "path": PLACE, "fit": "pad", "background": "white"}


def make_run(**settings):
    run = loading.find_recorded("explorer_vae")
    return run._replace(settings=run.settings | settings)


def describe(run):
    model = loading.load(run)
    return metadata.describe(run, model, {}, "uint8", None)


def test_own_folders_are_named_without_their_path():
    run = make_run(data="../private/photos", recipe=RECIPE)
    text = metadata.hide_folders(
        run, f"../private/photos: cropped from {PLACE}, seed 0"
    )
    assert text == "photos: cropped from photos, seed 0"
    described = describe(run)
    assert described["data"]["name"] == "photos"
    assert "private" not in json.dumps(described)


def test_a_folder_without_a_name_changes_no_text():
    assert metadata.hide_folders(make_run(data="./"), "./: 3.5 images") == (
        "./: 3.5 images"
    )
    assert metadata.hide_folders(make_run(), "MNIST, mnist") == "MNIST, mnist"


def test_how_own_pictures_were_prepared_is_said():
    described = describe(make_run(data=PLACE, recipe=RECIPE))
    expected = {"fit": "pad", "background": "white"}
    assert described["data"]["preparation"] == expected
    first = next(limits.list_limits(described, ["keras"]))
    assert "as the training images were (fit=pad, background=white, as in" in first
    named = describe(make_run())
    assert "preparation" not in named["data"]
    assert "training images were." in next(limits.list_limits(named, ["keras"]))


def test_numbers_are_of_data_without_a_path(tmp_path):
    kept = {"data": f"from {PLACE}", "epoch": 1, "metrics": {}, "measured": {}}
    (tmp_path / "metrics.json").write_text(json.dumps(kept))
    run = make_run(data=PLACE, recipe=RECIPE)._replace(folder=tmp_path, epoch=1)
    assert measurements.collect(run)["note"] == "from photos"
