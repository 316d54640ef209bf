import dataclasses
import json
import math
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from vae_utils import likelihoods, loss_units
from vae_utils.loss_units import calculator, recipes

COUNT = 200  # random settings


def draw_settings(seed):
    """Draws a random recipe: every argument of `effective_beta`."""
    rng = np.random.default_rng(seed)
    reduce = {
        name: str(rng.choice(["sum", "mean"]))
        for name in (
            "pixel_reduction",
            "latent_reduction",
            "reconstruction_batch",
            "kl_batch",
        )
    }
    return {
        "reconstruction": str(rng.choice(["bernoulli", "squared_error"])),
        **reduce,
        "reconstruction_weight": float(np.exp(rng.normal(0, 3))),
        "kl_weight": float(np.exp(rng.normal(0, 3))),
        "pixels": int(rng.integers(1, 50)),
        "latent_dim": int(rng.integers(1, 20)),
        "batch_size": int(rng.integers(1, 40)),
    }


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


BY_HAND = {
    "keras_io": 1,  # sum over 28 × 28, sum over 2, mean over the batch
    "tensorflow": 1,  # sums over pixels and dimensions, mean over the batch
    "pytorch": 1,  # sums everywhere, over the batch in both terms
    "flax": 1,  # sums per image, means over the batch
    "kang": 1,  # sums everywhere
    "geron": 1,  # 784 for the mean over pixels, 1 / 784 for the factor
    "chollet_1": 0.392,  # 784 · 0.001 / 2; 5e-4 is a factor of 0.001 with its ½
    "chollet_2": 0.5,  # the mean over 2 dimensions
    "chollet_3": 0.5,  # the same
    "foster_fashion": 2.048,  # 32 · 32 / 500
    "foster_faces": 6.144,  # 64 · 64 · 3 / 2000 = 12,288 / 2000
    "antixk": 3.072,  # 12,288 · 0.00025
    "bolts": 1.2,  # 32 · 32 · 3 · 0.1 / 256 = 307.2 / 256
    "keras_guide": 24.5,  # 784 / 32
    "keras_2016": 784,  # a mean over 784 pixels, a sum over dimensions
}


@pytest.mark.parametrize("name", loss_units.RECIPES)
def test_beta_of_every_recipe(name):
    recipe = loss_units.RECIPES[name]
    assert recipe.beta == pytest.approx(BY_HAND[name], rel=1e-12)


def test_every_recipe_has_a_hand_computed_beta():
    assert set(BY_HAND) == set(loss_units.RECIPES)


@pytest.mark.parametrize("recipe", loss_units.RECIPES.values(), ids=loss_units.RECIPES)
def test_recipe_links_to_its_source_at_a_commit(recipe):
    address = (
        r"https://github\.com/[\w-]+/[\w-]+/blob/[0-9a-f]{40}/[\w./-]+\.(py|ipynb)"
    )
    assert re.fullmatch(address, recipe.source)
    assert 1 <= len(recipe.quote) <= 3 and max(map(len, recipe.quote)) <= 120
    assert recipe.remark.endswith(".") and {"pixels", "latent_dim"} <= set(
        recipe.settings
    )


def test_recipes_are_the_entries_of_the_table():
    table = json.loads(recipes.FILE.read_text(encoding="utf-8"))
    assert list(table) == list(loss_units.RECIPES)
    fields = {field.name for field in dataclasses.fields(loss_units.Recipe)}
    for key, entry in table.items():
        assert set(entry) == fields
        assert loss_units.RECIPES[key].settings == entry["settings"]
        assert loss_units.RECIPES[key].quote == tuple(entry["quote"])
    # Fractions keep every digit.
    assert loss_units.RECIPES["geron"].settings["kl_weight"] == 1 / 784


BAD = [
    ({"reconstruction": "gaussian"}, "reconstruction", "'bernoulli' or 'squared"),
    ({"pixel_reduction": "none"}, "pixel_reduction", "'sum' or 'mean'"),
    ({"latent_reduction": ""}, "latent_reduction", "'sum' or 'mean'"),
    ({"reconstruction_batch": "Mean"}, "reconstruction_batch", "'sum' or 'mean'"),
    ({"kl_batch": None}, "kl_batch", "'sum' or 'mean'"),
    ({"pixels": 0}, "pixels", "a positive integer, pixels × channels"),
    ({"pixels": "784"}, "pixels", "a positive integer"),
    ({"pixels": 28.5}, "pixels", "a positive integer"),
    ({"latent_dim": -2}, "latent_dim", "a positive integer, the dimensions of z"),
    ({"latent_dim": True}, "latent_dim", "a positive integer"),
    ({"batch_size": 0}, "batch_size", "a positive integer"),
    ({"kl_batch": "sum"}, "batch_size", "a positive integer, the images of a batch"),
    ({"reconstruction_batch": "sum"}, "batch_size", "a positive integer"),
    ({"kl_weight": -1}, "kl_weight", "a finite number, 0 or more"),
    ({"kl_weight": "one"}, "kl_weight", "a finite number, 0 or more"),
    ({"reconstruction_weight": None}, "reconstruction_weight", "a finite number"),
    ({"reconstruction_weight": 0}, "reconstruction_weight", "above 0: without"),
]
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
    bad = loss_units.Recipe("</script>", "", ("</script>",), {}, "</script>")
    monkeypatch.setattr(calculator, "RECIPES", {"bad": bad})
    assert calculator.make_html("name").count("</script>") == 1


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Writes a page with two calculators to disk."""
    file = tmp_path_factory.mktemp("loss_units") / "index.html"
    body = calculator.make_html("first") + calculator.make_html("second")
    head = '<meta charset="utf-8"><title>β</title>'
    file.write_text(
        f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>',
        encoding="utf-8",
    )
    return file


@pytest.fixture(scope="module")
def opened(open_browser, page):
    browser = open_browser()
    browser.get(page.as_uri())
    return browser


@pytest.fixture
def browser(opened):
    """Reloads the page."""
    opened.refresh()
    return opened


def find(browser, selector):
    return browser.find_element("css selector", f"#first {selector}")


def result(browser):
    return find(browser, ".lu-result").text


def set_field(browser, name, text):
    from selenium.webdriver.support.ui import Select

    field = find(browser, f"[data-setting={name}]")
    if field.tag_name == "select":
        Select(field).select_by_visible_text(text)
        return
    field.clear()
    field.send_keys(text)


def test_page_computes_the_same_as_python(browser):
    drawn = [draw_settings(seed) for seed in range(COUNT)]
    betas = browser.execute_script(
        "return arguments[0].map(VAELossUnits.effectiveBeta)", drawn
    )
    expected = [loss_units.effective_beta(**settings) for settings in drawn]
    assert_allclose(betas, expected, rtol=1e-12)
    sigmas = browser.execute_script(
        "return arguments[0].map(VAELossUnits.impliedSigma)", expected
    )
    squares = [settings | {"reconstruction": "squared_error"} for settings in drawn]
    expected = [loss_units.implied_sigma(**settings) for settings in squares]
    assert_allclose(sigmas, expected, rtol=1e-12)


@pytest.mark.parametrize(("settings", "name", "demand"), BAD)
def test_page_rejects_what_python_rejects(settings, name, demand, opened):
    error, setting = opened.execute_script(
        "try { return [String(VAELossUnits.effectiveBeta(arguments[0])), null]; }"
        "catch (error) { return [error.message, error.setting]; }",
        settings,
    )
    assert setting == name
    with pytest.raises(ValueError) as refused:
        loss_units.effective_beta(**settings)
    assert (
        error.lower() == str(refused.value).lower()
    )  # Python writes True, JavaScript true


def test_defaults_are_the_same_as_in_python(opened):
    defaults = opened.execute_script("return VAELossUnits.DEFAULTS")
    assert defaults == loss_units.effective_beta.__kwdefaults__


@pytest.mark.parametrize("name", loss_units.RECIPES)
def test_calculator_shows_every_recipe(name, opened):
    recipe = loss_units.RECIPES[name]
    set_field(opened, "recipe", recipe.name)
    shown = re.match(r"β = (\S+)\n", result(opened))[1]
    assert float(shown) == pytest.approx(BY_HAND[name], rel=1e-3)
    details = find(opened, ".lu-details")
    assert details.find_element("css selector", "code").text == "\n".join(recipe.quote)
    link = details.find_element("css selector", "a")
    assert link.get_attribute("href") == recipe.source
    has_sigma = "of a Gaussian with σ = " in result(opened)
    assert has_sigma == (recipe.settings.get("reconstruction") == "squared_error")


def test_python_call_shown_gives_the_same_beta(browser):
    for recipe in loss_units.RECIPES.values():
        set_field(browser, "recipe", recipe.name)
        call = find(browser, ".lu-result code").text
        beta = eval(call, {"effective_beta": loss_units.effective_beta})
        assert beta == pytest.approx(recipe.beta, rel=1e-12)


@pytest.mark.parametrize(
    ("kl_weight", "sentence"),
    [
        ("0", "No KL at all"),
        ("0.5", "reconstructions get better"),
        ("1", "the same weights as in the ELBO"),
        ("4", "collapse"),
    ],
)
def test_sentence_describes_the_effect_of_beta(kl_weight, sentence, browser):
    set_field(browser, "kl_weight", kl_weight)
    assert result(browser).startswith(f"β = {kl_weight}\n")
    assert sentence in result(browser)


def test_changing_a_field_changes_the_result_and_deselects_the_recipe(browser):
    assert result(browser).startswith("β = 1\n")
    set_field(browser, "pixel_reduction", "mean")
    assert result(browser).startswith("β = 784\n")
    assert find(browser, "[data-setting=recipe]").get_attribute("value") == ""
    assert not find(browser, ".lu-details").is_displayed()
    set_field(browser, "kl_weight", "1/784")
    assert result(browser).startswith("β = 1\n")
    # The other calculator has not changed.
    other = browser.find_element("css selector", "#second .lu-beta").text
    assert other == "β = 1"


@pytest.mark.parametrize("text", ["12288", "12,288", "64*64*3", "64 × 64 × 6/2"])
def test_accepts_common_ways_to_write_pixels(text, browser):
    set_field(browser, "pixel_reduction", "mean")
    set_field(browser, "pixels", text)
    assert result(browser).startswith("β = 12288\n")


def test_rejects_integers_that_javascript_cannot_represent(browser):
    set_field(browser, "pixels", "1e30")
    assert "pixels must be an integer below 2⁵³" in result(browser)


def test_batch_size_is_shown_only_if_needed(browser):
    assert not find(browser, "[data-setting=batch_size]").is_displayed()
    set_field(browser, "kl_batch", "sum")
    set_field(browser, "batch_size", "64")
    assert result(browser).startswith("β = 64\n")
    set_field(browser, "reconstruction_batch", "sum")
    assert not find(browser, "[data-setting=batch_size]").is_displayed()
    assert result(browser).startswith("β = 1\n")


@pytest.mark.parametrize("name", ["pixels", "latent_dim", "kl_weight"])
@pytest.mark.parametrize(
    "text", ["", "many", "-1", "1/0", "1/", "0,5", "0,001", "64x64"]
)
def test_invalid_input_shows_an_error(name, text, browser):
    set_field(browser, name, text)
    assert re.fullmatch(rf"{name} must be .+ Received: {name}=.*", result(browser))
    field = find(browser, f"[data-setting={name}]")
    assert field.get_attribute("aria-invalid") == "true"
    set_field(browser, name, "1")
    assert result(browser).startswith("β = 1\n")
    assert field.get_attribute("aria-invalid") == "false"


def test_keyboard_is_enough(browser):
    from selenium.webdriver.common.keys import Keys

    find(browser, "[data-setting=recipe]").send_keys(Keys.TAB)
    focused = browser.switch_to.active_element
    assert focused.get_attribute("data-setting") == "reconstruction"
    focused.send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys("m")  # the option that starts with it
    assert result(browser).startswith("β = 784\n")


def test_every_field_has_a_label(browser):
    names = browser.execute_script(
        "return [...document.querySelectorAll('#first select, #first input')]"
        ".map((field) => field.labels[0].innerText.trim())"
    )
    assert len(names) == 11 and all(names)


def test_result_is_announced_once_after_a_pause(browser):
    browser.execute_script(
        "window.announced = []; const node = document.querySelector('#first output');"
        "new MutationObserver(() => announced.push(node.textContent))"
        ".observe(node, {childList: true});"
    )
    set_field(browser, "kl_weight", "123")
    browser.execute_async_script("setTimeout(arguments[0], 1000)")
    (text,) = browser.execute_script("return announced")
    assert text.startswith("β = 123 The KL weighs more") and "effective" not in text


@pytest.mark.parametrize("width", [390, 1000])
def test_calculator_fits_the_window(width, open_browser, page):
    narrow = open_browser(width, 900)
    narrow.get(page.as_uri())
    for recipe in loss_units.RECIPES.values():
        set_field(narrow, "recipe", recipe.name)
        size = narrow.execute_script("return document.documentElement.scrollWidth")
        assert size <= width, recipe.name
    narrow.close()


def test_page_makes_no_network_requests(opened):
    asked = opened.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    assert asked == []


def test_browser_logs_no_errors(opened):
    assert opened.get_log("browser") == []


def test_every_script_in_the_folder_is_loaded():
    paths = calculator.FOLDER.iterdir()
    scripts = {path.name for path in paths if path.suffix == ".js"}
    assert scripts == set(calculator.SCRIPTS)
