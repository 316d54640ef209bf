import re

import numpy as np
import pytest
from loss_unit_cases import BAD, BY_HAND, COUNT, VERSIONS_BY_HAND, draw_settings
from numpy.testing import assert_allclose
from widget_pages import allow_scripts, open_without_scripts, wait_until

from vae_utils import loss_units, runs
from vae_utils.loss_units import calculator


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
    sigmas = opened.find_elements("css selector", "#first .lu-sigma")
    assert len(sigmas) == recipe.is_squared
    assert ("of a Gaussian with σ = " in result(opened)) == recipe.is_squared
    if recipe.is_squared:
        shown = sigmas[0].text.removeprefix("σ = ")
        own = recipe.sigma * recipe.pixel_range  # in the units of its pixels
        assert float(shown) == pytest.approx(own, rel=1e-3)
    assert recipe.dated in details.text


@pytest.mark.parametrize("name", VERSIONS_BY_HAND)
def test_calculator_shows_other_versions_of_a_file(name, opened):
    recipe = loss_units.RECIPES[name]
    set_field(opened, "recipe", recipe.name)
    details = find(opened, ".lu-details")
    title = details.find_element("css selector", "strong").text
    (version,) = recipe.versions
    assert version.when in title
    shown = re.search(r"β = ([\d.]+)", title)[1]
    assert float(shown) == pytest.approx(VERSIONS_BY_HAND[name], rel=1e-3)
    assert ("σ = " in title) == version.is_squared
    links = details.find_elements("css selector", "a")
    hrefs = [link.get_attribute("href") for link in links]
    assert hrefs == [recipe.source, version.source]


def test_recipes_are_grouped(opened):
    found = opened.execute_script(
        "return [...document.querySelectorAll('#first optgroup')].map((group) =>"
        "[group.label, [...group.children].map((option) => option.text)])"
    )
    recipes = loss_units.RECIPES.values()
    groups = dict.fromkeys(recipe.group for recipe in recipes)
    names = [[recipe.name for recipe in recipes if recipe.group == g] for g in groups]
    assert found == [list(pair) for pair in zip(groups, names, strict=True)]


def test_a_squared_error_says_which_elbo_it_is_compared_with(browser):
    set_field(browser, "reconstruction", "squared error")
    assert result(browser).startswith("β = 1\nσ = 0.7071\n")
    assert "as in the ELBO with σ² = ½" in result(browser)
    assert recorded(browser).startswith(
        "What a network trained with a cross-entropy and β = 1 does with digits:"
    )


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
    assert "β = 100" in text and "Posterior collapse" in text


STUDY = runs.load_study("beta_reconstructions")


def recorded(browser):
    return find(browser, ".lu-recorded").text


@pytest.mark.parametrize("beta", STUDY.values("beta"))
def test_a_recorded_beta_shows_its_own_network(beta, browser):
    set_field(browser, "kl_weight", f"{beta:g}")
    text, metrics = recorded(browser), STUDY.where(beta=beta).one.metrics
    assert text.startswith(
        f"What a network trained with β = {beta:g} does with digits:"
    )
    numbers = f"nll {metrics['nll']:.1f} + KL {metrics['kl']:.1f} nats per image"
    assert f"On 10,000 test images: {numbers}" in text
    assert f"{metrics['active_units']} of 10 dimensions active" in text
    assert ("Posterior collapse" in text) == (metrics["kl"] < 0.1)


@pytest.mark.parametrize(
    ("weight", "shown", "why"),
    [
        ("0.5", "0.3", "the nearest of those that we trained with, on a logarithmic"),
        ("0.6", "1", "the nearest"),
        ("5", "3", "the nearest"),
        ("6", "10", "the nearest"),
        ("0", "0.01", "the smallest that we trained with"),
        ("1e6", "784", "the largest that we trained with"),
    ],
)
def test_another_beta_shows_the_nearest_and_says_so(weight, shown, why, browser):
    set_field(browser, "kl_weight", weight)
    expected = f"What a network trained with β = {shown} does with digits ({why}"
    assert recorded(browser).startswith(expected)


def test_a_mean_over_pixels_shows_the_collapse(browser):
    set_field(browser, "pixel_reduction", "mean")
    assert "every picture is the same grey mean" in recorded(browser)


def test_digits_are_those_of_the_recorded_run(browser):
    arrays = runs.load_arrays("beta_reconstructions")
    index = arrays["betas"].tolist().index(3.0)
    rows = arrays["input"], arrays["reconstructions"][index], arrays["generated"][index]
    set_field(browser, "kl_weight", "3")
    for number, row in enumerate(rows):
        painted = wait_until(
            browser,
            "const canvas = document.querySelectorAll('#first canvas')[arguments[0]];"
            "const small = new OffscreenCanvas(224, 28).getContext('2d');"
            "small.imageSmoothingQuality = 'high';"
            "small.drawImage(canvas, 0, 0, 224, 28);"
            "const { data } = small.getImageData(0, 0, 224, 28);"
            "const grey = [...data].filter((_, i) => i % 4 === 0);"
            "return grey.some((level) => level > 100) && grey",
            number,
        )
        shown = np.reshape(painted, (28, 224)).astype(float)
        expected = np.concatenate(row, axis=1).astype(float)
        assert np.abs(shown - expected).mean() < 12  # grey levels; WebP, and two scales
        others = np.abs(shown - expected[:, ::-1]).mean()
        assert others > 25


def test_an_invalid_loss_shows_no_network(browser):
    set_field(browser, "pixels", "many")
    assert not find(browser, ".lu-recorded").is_displayed()
    set_field(browser, "pixels", "784")
    assert find(browser, ".lu-recorded").is_displayed()


def test_without_scripts_a_sentence_names_the_function(opened, page):
    open_without_scripts(opened, page.as_uri())
    try:
        assert "loss_units.effective_beta" in find(opened, "p").text
    finally:
        allow_scripts(opened)


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
