import dataclasses
import json
import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from loss_unit_cases import (
    BAD,
    BY_HAND,
    SIGMAS_BY_HAND,
    VERSIONS_BY_HAND,
    draw_settings,
)
from numpy.testing import assert_allclose

from vae_utils import likelihoods, loss_units, plots
from vae_utils.loss_units import calculator, recipes
from vae_utils.plots import legibility


def compute_loss(settings, nll, kl):
    """Computes the recipe's loss from shapes (batch, pixels) and (batch, d)."""
    reduce = {"sum": np.sum, "mean": np.mean}
    per_image = reduce[settings["pixel_reduction"]](nll, axis=1)
    reconstruction = reduce[settings["reconstruction_batch"]](per_image)
    per_code = reduce[settings["latent_reduction"]](kl, axis=1)
    divergence = reduce[settings["kl_batch"]](per_code)
    return (
        settings["reconstruction_weight"] * reconstruction
        + settings["kl_weight"] * divergence
    )


@pytest.mark.parametrize("seed", range(50))
def test_loss_is_a_multiple_of_nll_plus_beta_kl(seed):
    settings = draw_settings(seed)
    rng = np.random.default_rng([seed, 1])
    batch = settings["batch_size"]
    nll = rng.exponential(1, (batch, settings["pixels"]))
    kl = rng.exponential(1, (batch, settings["latent_dim"]))
    beta = loss_units.effective_beta(**settings)
    nats = np.mean(nll.sum(axis=1) + beta * kl.sum(axis=1))
    multiple = compute_loss(settings, nll, kl) / nats
    # The multiple is the same for other numbers, so the losses and their gradients are
    # proportional everywhere.
    for _ in range(5):
        nll, kl = rng.exponential(5, nll.shape), rng.exponential(0.2, kl.shape)
        nats = np.mean(nll.sum(axis=1) + beta * kl.sum(axis=1))
        assert_allclose(compute_loss(settings, nll, kl), multiple * nats, rtol=1e-10)


@pytest.mark.parametrize("seed", range(20))
def test_beta_is_a_ratio_of_slopes(seed):
    settings = draw_settings(seed)
    rng = np.random.default_rng([seed, 2])
    batch = settings["batch_size"]
    nll = rng.exponential(1, (batch, settings["pixels"]))
    kl = rng.exponential(1, (batch, settings["latent_dim"]))
    pixel, dimension = np.zeros_like(nll), np.zeros_like(kl)
    pixel[0, 0] = dimension[0, 0] = 1  # one nat more, in one place
    before = compute_loss(settings, nll, kl)
    slope_nll = compute_loss(settings, nll + pixel, kl) - before
    slope_kl = compute_loss(settings, nll, kl + dimension) - before
    expected = loss_units.effective_beta(**settings)
    assert_allclose(slope_kl / slope_nll, expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("settings", "beta"),
    [
        ({}, 1),
        ({"kl_weight": 0.5}, 0.5),
        ({"kl_weight": 0}, 0),
        ({"reconstruction_weight": 4}, 0.25),
        ({"pixel_reduction": "mean"}, 784),
        ({"pixel_reduction": "mean", "pixels": 3072}, 3072),
        ({"latent_reduction": "mean", "latent_dim": 20}, 1 / 20),
        ({"reconstruction_batch": "sum", "kl_batch": "sum"}, 1),
        ({"reconstruction_batch": "sum", "batch_size": 128}, 1 / 128),
        ({"kl_batch": "sum", "batch_size": 128}, 128),
        ({"batch_size": 128}, 1),
        ({"pixels": np.int64(10), "pixel_reduction": "mean"}, 10),
        ({"kl_weight": np.float32(0.25), "pixel_reduction": "mean"}, 196),
        ({"reconstruction": "squared_error"}, 1),
    ],
)
def test_beta_matches_hand_computed_values(settings, beta):
    computed = loss_units.effective_beta(**settings)
    assert type(computed) is float and computed == pytest.approx(beta, rel=1e-15)


@pytest.mark.parametrize("name", loss_units.RECIPES)
def test_beta_of_every_recipe(name):
    recipe = loss_units.RECIPES[name]
    assert recipe.beta == pytest.approx(BY_HAND[name], rel=1e-12)


def test_every_recipe_has_a_hand_computed_beta():
    assert set(BY_HAND) == set(loss_units.RECIPES)


@pytest.mark.parametrize("name", SIGMAS_BY_HAND)
def test_sigma_of_squared_errors(name):
    sigma = loss_units.RECIPES[name].sigma
    assert sigma == pytest.approx(SIGMAS_BY_HAND[name], rel=1e-12)


def test_only_squared_errors_have_a_sigma():
    for recipe in loss_units.RECIPES.values():
        assert (recipe.sigma is not None) == recipe.is_squared
        if recipe.is_squared:
            # The two readings of a squared error are the same loss.
            own = recipe.sigma * recipe.pixel_range  # in the units of its pixels
            assert 2 * own**2 == pytest.approx(recipe.beta, rel=1e-12)


def test_sigmas_are_of_pixels_from_0_to_1():
    scaled = {key for key, loss in list_losses() if loss.pixel_range == 2}
    assert scaled == {"bojone", "lynnho", "podgorskiy", "bolts-earlier"}
    for key, loss in list_losses():
        assert ("from −1 to 1" in loss.remark) == (key in scaled)
    (bolts,) = loss_units.RECIPES["bolts"].versions
    assert bolts.sigma == pytest.approx(0.5**0.5 / 2, rel=1e-12)


def test_beta_of_other_versions():
    found = {
        key: version.beta
        for key, recipe in loss_units.RECIPES.items()
        for version in recipe.versions
    }
    assert found == pytest.approx(VERSIONS_BY_HAND, rel=1e-12)


def test_recipes_are_a_census():
    assert len(loss_units.RECIPES) >= 30
    groups = {recipe.group for recipe in loss_units.RECIPES.values()}
    assert groups == set(recipes.GROUPS)
    for field in ("name", "short"):
        values = [getattr(recipe, field) for recipe in loss_units.RECIPES.values()]
        assert len(set(values)) == len(values)


def list_losses():
    """Lists recipes and other versions of their files, with names for the tests."""
    for key, recipe in loss_units.RECIPES.items():
        yield key, recipe
        for version in recipe.versions:
            yield f"{key}-{version.when}", version


@pytest.mark.parametrize(("key", "loss"), list(list_losses()))
def test_loss_links_to_its_source_at_a_commit(key, loss):
    address = r"https://github\.com/[\w-]+/[\w-]+/blob/[0-9a-f]{40}/[\w./-]+\.(py|ipynb|jl|js)"
    assert re.fullmatch(address, loss.source)
    assert 1 <= len(loss.quote) <= 3 and max(map(len, loss.quote)) <= 120
    assert loss.remark.endswith(".")
    assert {"pixels", "latent_dim"} <= set(loss.settings)


def test_a_version_is_another_commit_or_file():
    for recipe in loss_units.RECIPES.values():
        sources = [recipe.source, *(version.source for version in recipe.versions)]
        assert len(set(sources)) == len(sources)
        assert {version.when for version in recipe.versions} <= set(recipes.WHEN)


def test_recipes_are_the_entries_of_the_table():
    table = json.loads(recipes.FILE.read_text(encoding="utf-8"))
    assert list(table) == list(loss_units.RECIPES)
    fields = {field.name for field in dataclasses.fields(loss_units.Recipe)}
    for key, entry in table.items():
        optional = {"dated", "pixel_range", "versions"}
        assert fields - optional <= set(entry) <= fields
        assert loss_units.RECIPES[key].settings == entry["settings"]
        assert loss_units.RECIPES[key].quote == tuple(entry["quote"])
    # Fractions keep every digit.
    assert loss_units.RECIPES["geron"].settings["kl_weight"] == 1 / 784
    assert loss_units.RECIPES["atinghosh"].settings["kl_weight"] == 1 / 49_152


def test_rows_of_a_table_tell_beta_and_sigma_apart():
    headers, rows = loss_units.list_recipes()
    assert headers[1:3] == ["β", "σ"] and len(rows) == len(loss_units.RECIPES)
    names = [re.search(">(.+)</a>", row[0])[1] for row in rows]
    assert names == sorted(names, key=str.casefold)
    by_name = dict(zip(names, rows, strict=True))
    faces = by_name["Foster, Generative Deep Learning, 2nd edition, CelebA"]
    assert faces[1:3] == ["6.14", "1.75"]
    assert "Later version</a>: β = 1.54, σ = 0.876" in faces[3]
    assert by_name["keras.io, Variational AutoEncoder"][1:3] == ["1", ""]


def test_rows_of_a_table_are_valid_html():
    bad = dataclasses.replace(loss_units.RECIPES["keras_io"], name="a <b>", remark="<.")
    _, rows = loss_units.list_recipes([bad])
    assert "a &lt;b&gt;" in rows[0][0] and "&lt;." in rows[0][3]


def read_marks(ax, hollow):
    """Reads place and row of the marks of a panel."""
    (line,) = (
        line
        for line in ax.lines
        if line.get_linestyle() == "None"
        and (line.get_markerfacecolor() == "white") == hollow
    )
    return np.array(line.get_data()).T


@pytest.fixture
def plotted():
    axes = loss_units.plot_recipes()
    yield axes
    plt.close(axes[0].figure)


def test_figure_has_a_mark_for_each_recipe(plotted):
    for squared, ax in enumerate(plotted):
        chosen = [r for r in loss_units.RECIPES.values() if r.is_squared == squared]
        places = [2 * r.sigma**2 if squared else r.beta for r in chosen]
        marks = read_marks(ax, hollow=False)
        assert len(marks) == len(places)
        # A stack of several columns is as wide as its columns; others are exact.
        assert_allclose(
            np.sort(np.log10(marks[:, 0])), np.sort(np.log10(places)), atol=0.11
        )
        assert ax.get_title(loc="left").startswith(f"{len(places)} recipes with a ")
    assert "σ² = ½" in plotted[1].get_title(loc="left")
    assert {ax.get_xlim() for ax in plotted} == {plotted[0].get_xlim()}


def test_no_mark_of_the_figure_hides_another(plotted):
    for ax in plotted:
        marks = np.concatenate([read_marks(ax, hollow) for hollow in (False, True)])
        marks[:, 0] = np.log10(marks[:, 0])
        apart = np.abs(marks[:, None] - marks) >= [0.03, 1]
        assert (apart.any(axis=-1) | np.eye(len(marks), dtype=bool)).all()


def test_figure_shows_later_versions_hollow(plotted):
    later = read_marks(plotted[1], hollow=True)
    assert_allclose(np.sort(later[:, 0]), [1.536, 12_288], rtol=1e-12)
    assert len(read_marks(plotted[0], hollow=True)) == 0
    texts = {text.get_text() for text in plotted[1].texts}
    assert "Foster, CelebA, later" in texts and "Keras guide" in texts


def test_ticks_of_squared_errors_are_sigmas(plotted):
    ticks = dict(
        zip(
            [text.get_text() for text in plotted[1].get_xticklabels()],
            plotted[1].get_xticks(),
            strict=True,
        )
    )
    assert ticks["1"] == 2 and ticks["5"] == 50


def test_figure_can_be_read_on_a_phone():
    with plots.book_style():
        axes = loss_units.plot_recipes()
        measured = legibility.measure(axes[0].figure)
        plt.close(axes[0].figure)
    assert measured["hidden_texts"] == []
    assert measured["smallest_text"] >= legibility.SMALLEST


NOT_IN_JSON = [
    ({"kl_weight": math.inf}, "kl_weight", "a finite number, 0 or more"),
    ({"reconstruction_weight": math.nan}, "reconstruction_weight", "a finite number"),
]


@pytest.mark.parametrize(("settings", "name", "demand"), BAD + NOT_IN_JSON)
@pytest.mark.parametrize(
    "compute", [loss_units.effective_beta, loss_units.implied_sigma]
)
def test_rejects_invalid_settings(compute, settings, name, demand):
    sentence = rf"^{name} must be {re.escape(demand)}.* Received: {name}=\S+$"
    with pytest.raises(ValueError, match=sentence):
        compute(**settings)


@pytest.mark.parametrize("beta", [0.5, 1, 24.5])
def test_loss_is_the_elbo_at_the_implied_sigma(beta):
    """Compares squared errors with the nll of `likelihoods.Gaussian`."""
    settings = {"reconstruction": "squared_error", "kl_weight": beta}
    sigma = loss_units.implied_sigma(**settings)
    likelihood = likelihoods.Gaussian(sigma)
    rng = np.random.default_rng(0)
    x = rng.random((8, 28, 28, 1)).astype(np.float32)
    kl = rng.exponential(5, 8)
    losses, elbos = [], []
    for _ in range(4):
        logits = rng.normal(size=x.shape).astype(np.float32)
        squares = np.square(x - 1 / (1 + np.exp(-logits))).sum(axis=(1, 2, 3))
        kl = rng.exponential(5, 8)
        losses.append(np.mean(squares + beta * kl))
        nll = np.array(likelihood.negative_log_likelihood(x, logits))
        elbos.append(np.mean(nll + kl))
    # One is β times the other, up to a constant.
    assert_allclose(np.diff(losses), beta * np.diff(elbos), rtol=1e-4, atol=2e-3)


def test_squared_error_is_the_nll_of_the_default_gaussian():
    settings = {"reconstruction": "squared_error"}
    sigma = loss_units.implied_sigma(**settings)
    assert sigma == pytest.approx(likelihoods.Gaussian().sigma, rel=1e-15)
    # Half the squared error is the nll of σ = 1.
    half = loss_units.implied_sigma(**settings, reconstruction_weight=0.5)
    assert half == pytest.approx(1, rel=1e-15)
    guide = loss_units.implied_sigma(**loss_units.RECIPES["keras_guide"].settings)
    assert guide == pytest.approx(3.5, rel=1e-15)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "only for squared errors.*Received: reconstruction='bernoulli'"),
        (
            {"reconstruction": "squared_error", "kl_weight": 0},
            "kl_weight must be positive.*Received: kl_weight=0",
        ),
    ],
)
def test_rejects_losses_without_a_sigma(settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        loss_units.implied_sigma(**settings)


def test_calculator_is_self_contained_html():
    first, second = loss_units.show_calculator(), loss_units.show_calculator()
    names = [re.search(r'id="([\w-]+)"', shown.data)[1] for shown in (first, second)]
    assert names[0] != names[1]
    assert first.data.count(names[0]) == 2  # the element, and the script's call
    assert "loss_units.effective_beta" in first.data.split("<script>")[0]
    assert first.data.count("</script>") == 1
    assert not re.search(
        r"(src|import|url\(|fetch)\s*[=(]?\s*[\"']?https?:", first.data
    )


def test_recipe_text_cannot_end_the_script(monkeypatch):
    bad = loss_units.Recipe(
        name="</script>",
        short="",
        group="</script>",
        source="",
        quote=("</script>",),
        settings={},
        remark="</script>",
    )
    monkeypatch.setattr(calculator, "RECIPES", {"bad": bad})
    assert calculator.make_html("name").count("</script>") == 1


def test_every_script_in_the_folder_is_loaded():
    paths = calculator.FOLDER.iterdir()
    scripts = {path.name for path in paths if path.suffix == ".js"}
    assert scripts == set(calculator.SCRIPTS)
