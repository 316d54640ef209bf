"""The playground's data: text that a page unpacks, the ring, and what loads them."""

import base64
import gzip
from importlib.resources import files

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from playground_page import run

from vae_utils import datasets
from vae_utils.playground import data, drawn_sprites, make_scripts

PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>{}</html>'
VIEW = (files("vae_utils.playground") / "view" / "data.js").read_text("utf-8")
PUBLISHED = {"digits": "mnist", "clothes": "fashion_mnist"}
BRIGHTNESS = {"digits": 2, "clothes": 1}  # times that of the mean of four pixels
# The first training point and the last held-out one.
RING = [[-0.8465555310249329, -0.44631049036979675]]
RING += [[-0.15521779656410217, 1.097588300704956]]
TITLES = ["Digits", "Clothes", "Sprites", "Ring"]

each_script = pytest.mark.parametrize("name", data.DATA)


def write_site(folder, *names):
    """Writes a page of a site, which loads the scripts of some data when asked to."""
    scripts = {"engine.js": make_scripts(), "view.js": VIEW}
    scripts |= {f"data_{name}.js": data.make_data_script(name) for name in names}
    for file, script in scripts.items():
        (folder / file).write_text(script, encoding="utf-8")
    tags = '<script src="engine.js"></script><script src="view.js"></script>'
    (folder / "a page.html").write_text(PAGE.format(tags), encoding="utf-8")
    return (folder / "a page.html").as_uri()


def write_output(folder, script=""):
    """Writes a page that has everything inside, as the output of a cell."""
    tags = f"<script>{make_scripts() + VIEW + script}</script>"
    (folder / "output.html").write_text(PAGE.format(tags), encoding="utf-8")
    return (folder / "output.html").as_uri()


@pytest.fixture(scope="module")
def opened(open_browser):
    return open_browser(400, 400)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return write_site(tmp_path_factory.mktemp("site"), *data.DATA)


@pytest.fixture
def compute(opened, site):
    """Runs JavaScript in a fresh page of a site that has all data."""
    opened.get(site)
    return lambda script, *arguments: run(opened, script, *arguments)


def read_page(compute, name):
    """Reads from the page what it has of images: values, labels, the rest."""
    found = compute(
        """
        await P.loadData(given[0]);
        const { training, heldOut, ...rest } = P.getData(given[0]);
        const write = (bytes) => {
          if (!(bytes instanceof Uint8Array)) throw new TypeError(typeof bytes);
          return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
        };
        const parts = [training, heldOut].map(({ values, count, labels }) =>
          ({ values: write(values), count, labels: write(labels) }));
        return { parts, rest };
        """,
        name,
    )
    for part in found["parts"]:
        for key in ("values", "labels"):
            part[key] = np.frombuffer(base64.b64decode(part[key]), np.uint8)
    return found["parts"], found["rest"]


@each_script
def test_a_page_unpacks_what_python_made(name, compute):
    parts, rest = read_page(compute, name)
    source = data.DATA[name]
    for part, examples, count in zip(
        parts, data.take_examples(name), (source.training, source.held_out), strict=True
    ):
        expected = np.rint(255 / 7 * examples.levels.astype(float)).ravel()
        assert_array_equal(part["values"], expected)
        assert_array_equal(part["labels"], examples.labels)
        assert part["count"] == count == len(part["labels"])
    assert rest["inputs"] == 196 and rest["side"] == 14 and rest["name"] == name
    assert rest["classes"] == list(source.classes)
    assert rest["title"] == source.title and rest["about"] == source.about
    assert f"{source.training:,} training and {source.held_out:,}" in source.about


@pytest.mark.parametrize("name", PUBLISHED)
def test_images_are_those_of_the_sample_reduced(name):
    sample = datasets.load(PUBLISHED[name], sample=True)
    given = [(sample.x_train, sample.y_train), (sample.x_test, sample.y_test)]
    for examples, (images, labels) in zip(data.take_examples(name), given, strict=True):
        count = len(examples.labels)
        pixels = images.reshape(-1, 28, 28)[:count].astype(float)
        corners = [pixels[:, i::2, k::2] for i in (0, 1) for k in (0, 1)]
        grey = 255 / 7 * examples.levels.astype(float)
        # Half a step of the levels is the most that rounding changes.
        wanted = np.minimum(BRIGHTNESS[name] * sum(corners) / 4, 255)
        assert np.abs(grey - wanted).max() <= 255 / 14 + 1e-9
        assert_array_equal(examples.labels, labels[:count])


@pytest.mark.parametrize(
    ("name", "most"), [("digits", 155_000), ("clothes", 110_000), ("sprites", 40_000)]
)
def test_a_script_is_small(name, most):
    script = data.make_data_script(name)
    assert len(gzip.compress(script.encode(), 6)) < most  # bytes
    assert "</" not in script


@each_script
def test_fewer_examples_are_the_first_ones_and_have_all_classes(name, compute):
    training, held_out = data.take_examples(name, 500, 200)
    whole = data.take_examples(name)
    for part, all_of_it, count in zip(
        (training, held_out), whole, (500, 200), strict=True
    ):
        assert_array_equal(part.levels, all_of_it.levels[:count])
        shares = [
            np.bincount(each.labels, minlength=len(data.DATA[name].classes))
            / len(each.labels)
            for each in (part, all_of_it)
        ]
        # A share's standard deviation is less than 0.023 with 200 drawn at random.
        assert np.abs(shares[0] - shares[1]).max() < 0.07 and shares[0].min() > 0
    script = data.make_data_script(name, 500, 200)
    found = compute(
        script + "const { about, training, heldOut } = P.getData(given[0]);"
        "return [about, training.values.length, training.labels.length, heldOut.count]",
        name,
    )
    assert found[0].startswith("500 training and 200 held-out images: ")
    assert found[1:] == [500 * 196, 500, 200]


def test_the_order_says_nothing_of_the_class():
    (training, _) = data.take_examples("digits")
    same = training.labels[1:] == training.labels[:-1]
    assert same.mean() < 0.13  # one in ten, by chance


def test_sprites_differ_and_are_where_their_class_says():
    training, held_out = data.take_examples("sprites")
    levels = np.concatenate([training.levels, held_out.levels]).astype(float)
    labels = np.concatenate([training.labels, held_out.labels])
    assert len(np.unique(levels.reshape(len(levels), -1), axis=0)) == len(levels)
    steps = np.arange(14) + 0.5 - 7
    mass = levels.sum(axis=(1, 2))
    across = np.einsum("nij,j->n", levels, steps) / mass
    down = np.einsum("nij,i->n", levels, steps) / mass
    for label, part in enumerate(drawn_sprites.PARTS):
        x, y = across[labels == label].mean(), down[labels == label].mean()
        assert ("left" in part) == (x < -1) and ("right" in part) == (x > 1)
        assert ("top" in part) == (y < -0.9) and ("bottom" in part) == (y > 0.9)


def test_sprites_of_all_kinds_are_in_both_parts_and_among_the_first():
    training, held_out = data.take_examples("sprites")
    first, _ = data.take_examples("sprites", 300)
    masses = [p.levels.sum(axis=(1, 2)) for p in (training, held_out, first)]
    for mass in masses[1:]:  # white pixels tell a shape and its scale
        error = 4 * masses[0].std() / np.sqrt(len(mass))
        assert abs(mass.mean() - masses[0].mean()) < error
        assert abs(mass.std() - masses[0].std()) < error


def test_no_sprite_is_cut_off():
    # One that is cut off would have a whole row or column of white at the edge.
    for examples in data.take_examples("sprites"):
        levels = examples.levels.astype(int)
        for edge, next_to_it in [
            (levels[:, 0], levels[:, 1]),
            (levels[:, -1], levels[:, -2]),
            (levels[:, :, 0], levels[:, :, 1]),
            (levels[:, :, -1], levels[:, :, -2]),
        ]:
            at_edge = edge.sum(axis=1) > 0
            assert (edge.sum(axis=1) < next_to_it.sum(axis=1))[at_edge].all()


@pytest.mark.parametrize("name", ["cats", None, ["digits"], "ring"])
def test_refuses_an_unknown_name(name):
    with pytest.raises(ValueError, match="digits, clothes, sprites; choose among them"):
        data.make_data_script(name)


@pytest.mark.parametrize("count", [0, -1, 2.5, 2001])
def test_refuses_counts_that_there_are_not(count):
    with pytest.raises(ValueError, match=f"training.*Received: training={count}"):
        data.make_data_script("sprites", count)


@pytest.fixture
def ring(compute):
    """Reads the ring from the page: points and labels of both parts, and the rest."""
    found = compute(
        "const { training, heldOut, ...rest } = P.getData('ring');"
        "const isFloat = training.values instanceof Float32Array;"
        "const list = ({ values, count, labels }) =>"
        "  [Array.from(values), count, Array.from(labels)];"
        "return { parts: [training, heldOut].map(list), isFloat, rest }"
    )
    assert found["isFloat"]
    parts = [
        (np.reshape(values, (count, 2)), np.array(labels))
        for values, count, labels in found["parts"]
    ]
    return parts, found["rest"]


def test_the_ring_has_its_radius_noise_and_density(ring):
    parts, rest = ring
    assert [len(points) for points, _ in parts] == [1000, 500]
    assert rest["side"] is None and rest["inputs"] == 2
    assert rest["about"].startswith("1,000 training and 500 held-out points")
    for points, labels in parts:
        radius = np.hypot(*points.T)
        angle = np.arctan2(points[:, 1], points[:, 0])
        error = 4 / np.sqrt(len(points))  # four standard errors of a unit normal
        assert abs(radius.mean() - 1) < 0.1 * error
        assert abs(radius.std() - 0.1) < 0.1 * error
        # Under a density of 1 + 0.8 cos 3φ, cos 3φ has the mean 0.4.
        assert abs(np.cos(3 * angle).mean() - 0.4) < error
        assert abs(np.cos(angle).mean()) < error and abs(np.sin(angle).mean()) < error
        assert_array_equal(labels, np.rad2deg(angle) % 360 // 45)
    assert rest["classes"][:2] == ["0–45°", "45–90°"] and len(rest["classes"]) == 8


def test_the_ring_is_the_same_on_every_machine(ring):
    (training, _), (held_out, _) = ring[0]
    assert_allclose(training[0], RING[0], rtol=1e-6)
    assert_allclose(held_out[-1], RING[1], rtol=1e-6)


def test_data_are_unpacked_once_and_replaced_by_a_new_script(compute):
    script = (
        "await P.loadData('digits');"
        "const before = P.getData('digits');"
        "const same = before === P.getData('digits') &&"
        "  P.getData('ring') === P.getData('ring');"
        "P.addData('digits', { ...given[0] });"
        "return [same, P.getData('digits').training.count, before.training.count]"
    )
    packed = {"title": "t", "about": "", "classes": ["a"], "side": 2, "levels": 8}
    part = {"count": 1, "pixels": "1z", "labels": "0"}
    packed |= {"settings": {}, "training": part, "heldOut": part}
    assert compute(script, packed) == [True, 1, 4000]
    values = compute("return Array.from(P.getData('digits').training.values)")
    # "1" is 0 above 1, and "z" is 61 = 7 · 8 + 5: 7 above 5.
    assert values == [0, 255, 36, 182]


def test_a_page_from_disk_loads_data_once_when_asked_to(compute):
    script = """
    const first = P.listData();
    const scripts = () => document.querySelectorAll("script[src*=data_]").length;
    const waiting = [P.loadData("clothes"), P.loadData("clothes")];
    const loaded = scripts();
    await Promise.all(waiting);
    await P.loadData("clothes");
    await P.loadData("ring");
    const count = P.getData("clothes").heldOut.count;
    return [first, loaded, count, P.listData()];
    """
    first, loaded, count, after = compute(script)
    assert [each["title"] for each in first] == TITLES and after == first
    assert [each["name"] for each in first] == [*data.DATA, "ring"]
    assert [each["title"] for each in first[:-1]] == [
        source.title for source in data.DATA.values()
    ]
    assert loaded == 1 and count == 500


def test_a_missing_script_is_an_error_until_it_is_there(opened, tmp_path):
    opened.get(write_site(tmp_path))
    script = "return P.loadData('sprites').then(() => 'loaded')"
    missing = "Error: data_sprites.js is missing: build the book again."
    assert run(opened, script) == missing
    (tmp_path / "data_sprites.js").write_text("// damaged", encoding="utf-8")
    assert run(opened, script) == missing
    write_site(tmp_path, "sprites")
    assert run(opened, script) == "loaded"


def test_refuses_data_that_the_page_does_not_have(compute):
    unknown = 'RangeError: There are no data called "toString".'
    assert compute("return P.loadData('toString')") == unknown
    absent = 'RangeError: This page has no data called "digits".'
    assert compute("return P.getData('digits')") == absent


def test_an_output_has_only_the_data_that_came_with_it(opened, tmp_path):
    opened.get(write_output(tmp_path, data.make_data_script("sprites", 100, 50)))
    names = "return P.listData().map(({ name }) => name)"
    assert run(opened, names) == ["sprites", "ring"]
    found = run(opened, "return P.loadData('sprites').then(() => 'there')")
    assert found == "there"
    only = "Error: Only these data come with this output: sprites, ring."
    assert run(opened, "return P.loadData('digits')") == only


@pytest.mark.parametrize(
    ("name", "steps", "nats"),
    [("digits", 80, 75), ("clothes", 80, 35), ("sprites", 80, 75), ("ring", 200, 40)],
)
def test_training_improves_the_bound_of_held_out_data(name, steps, nats, compute):
    script = """
    await P.loadData(given[0]);
    const data = P.getData(given[0]);
    const trainer = P.makeTrainer(data.settings, data);
    const score = () => {
      const { nll, kl } = P.evaluate(trainer.model, data.heldOut);
      return nll + kl;
    };
    const before = score();
    for (let i = 0; i < given[1]; i++) trainer.train();
    return before - score();
    """
    assert compute(script, name, steps) > nats
