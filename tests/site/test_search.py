"""The site's own search in headless Chromium, from disk: the first hit is right."""

import gzip
import json
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from bs4 import BeautifulSoup

HTML = Path(__file__).parents[2] / "_quick" / "site" / "_build" / "html"
PHONE, DESK = (390, 844), (1300, 1000)
REPARAMETERISATION = "notebooks/01_theory.html#send-gradients-through-a-random-step"
KL = "notebooks/01_theory.html#compute-the-kl-term-by-a-formula"
ELBO = "notebooks/01_theory.html#bound-the-logarithm-from-below"
BITS_BACK = "notebooks/01_theory.html#deeper-the-two-terms-as-the-length-of-a-message"
SCORE = "notebooks/01_theory.html#deeper-the-other-way-and-what-it-costs"
BETA = "notebooks/07_loss_units.html#see-what-a-does"
COLLAPSE = "notebooks/02_fc_vae.html#break-it-one-mean-too-many"
DRAWS = "notebooks/06_evaluation.html#approach-log-p-x-with-many-draws"
BINARISED = "notebooks/06_evaluation.html#say-how-the-images-were-binarised"
LABEL = "notebooks/04_cvae.html#put-the-label-into-both-networks"
FIRST = {
    "posterior collapse": COLLAPSE,
    "Posterior Collapse": COLLAPSE,
    "KL": KL,
    "Kullback-Leibler": KL,
    "KL divergence": KL,
    "beta": BETA,
    "β": BETA,
    "reparametrization": REPARAMETERISATION,
    "reparametrisation": REPARAMETERISATION,
    "reparameterization": REPARAMETERISATION,
    "reparameterisation trick": REPARAMETERISATION,
    "reparam": REPARAMETERISATION,
    "ELBO": ELBO,
    "evidence lower bound": ELBO,
    "importance sampling": DRAWS,
    "IWAE": DRAWS,
    "binarisation": BINARISED,
    "binarization": BINARISED,
    "conditional": LABEL,
    "CVAE": LABEL,
    "GIF": "notebooks/05_latent_space.html#deeper-film-the-training",
    "Colab": "notebooks/01_theory.html#set-up",
    "dropout": "notebooks/90_classifier.html#deeper-see-dropout-drop",
    # What no list of answers names:
    "t-SNE": "notebooks/05_latent_space.html#deeper-do-not-measure-in-a-t-sne-picture",
    "checkerboards": "book/glossary.html#term-checkerboard",
    "aggregate posterior": "book/glossary.html#term-aggregate-posterior",
    "latent.sample_prior": "book/api.html#vae_utils.latent.sample_prior",
    "posterior": "book/glossary.html#term-posterior",
    "softplus": "book/glossary.html#term-softplus",
    "theta": "book/glossary.html#term-weights",
    "what is the prior": "book/glossary.html#term-prior",
    # What beginners ask for:
    "what is a VAE?": "notebooks/00_first_vae.html",
    "where do I start": "book/intro.html#where-to-start",
    "how to read a formula": "book/notation.html#how-to-read-a-formula",
    "jensen": "book/glossary.html#term-Jensens-inequality",
    "gap": "book/glossary.html#term-gap",
    "kernel": "book/glossary.html#term-kernel",
    "stride": "book/glossary.html#term-stride",
    "bits back": BITS_BACK,
    "score function": SCORE,
    "REINFORCE": SCORE,
    "GAN": "notebooks/05_latent_space.html#deeper-choose-a-vae-or-a-gan",
    "first vae": "notebooks/00_first_vae.html",
    "autoencoder": "book/glossary.html#term-autoencoder",
    "five projects": "notebooks/92_five_projects.html",
}


@pytest.fixture(scope="module")
def browser(open_browser):
    return open_browser(*DESK)


@pytest.fixture(scope="module")
def index():
    text = (HTML / "searchindex.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))


def search(browser, query):
    """Returns the addresses of what a query finds, best first."""
    browser.get(f"{(HTML / 'search.html').as_uri()}?q={quote(query)}")
    links = browser.find_elements("css selector", "ul.search li > a")
    return [unquote(link.get_attribute("href")).split("/html/")[1] for link in links]


def complaints(browser):
    return [entry for entry in browser.get_log("browser") if entry["level"] != "INFO"]


@pytest.mark.parametrize(("query", "first"), FIRST.items(), ids=FIRST)
def test_the_first_hit_is_the_section_that_answers(query, first, browser):
    assert search(browser, query)[0] == first
    assert complaints(browser) == []


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colour", "color"),
        ("grey", "gray"),
        ("normalisation", "normalization"),
        ("labelled", "labeled"),
        ("centre", "center"),
    ],
)
def test_both_spellings_find_the_same(british, american, browser):
    hits = search(browser, british)
    assert hits and hits == search(browser, american)


def test_a_hit_shows_chapter_and_place_in_the_text(browser):
    search(browser, "posterior collapse")
    hit = browser.find_element("css selector", "ul.search li")
    assert hit.find_element("css selector", ".place").text.startswith("2 · Teach")
    assert hit.find_element("css selector", "mark").text == "posterior collapse"
    status = browser.find_element("css selector", "#search-results [role=status]")
    assert "for “posterior collapse”" in status.text
    hit.find_element("css selector", "a").click()
    found = browser.execute_script("return document.querySelector(':target').id")
    assert found == COLLAPSE.split("#")[1]


def test_a_query_that_finds_nothing_says_so_and_is_shown_as_text(browser):
    assert search(browser, "<qqqq> & zzzz") == []
    found = browser.find_element("css selector", "#search-results")
    assert "Nothing in the book matches “<qqqq> & zzzz”" in found.text
    assert search(browser, "") == search(browser, " . ") == []
    assert complaints(browser) == []


def test_search_needs_no_storage(browser):
    command = "Page.addScriptToEvaluateOnNewDocument"
    blocked = "Storage.prototype.setItem = () => { throw new Error('blocked'); };"
    script = browser.execute_cdp_cmd(command, {"source": blocked})
    try:
        assert search(browser, "posterior collapse")[0] == COLLAPSE
    finally:
        command = "Page.removeScriptToEvaluateOnNewDocument"
        browser.execute_cdp_cmd(command, script)


def test_no_page_is_fetched_for_the_hits(browser):
    search(browser, "latent")
    script = "return performance.getEntriesByType('resource').map((e) => e.name)"
    assert not [url for url in browser.execute_script(script) if "notebooks/" in url]


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_hits_fit_the_screen(size, browser):
    width, height = size
    screen = {"width": width, "height": height, "deviceScaleFactor": 1}
    command = "Emulation.setDeviceMetricsOverride"
    browser.execute_cdp_cmd(command, {**screen, "mobile": False})
    assert search(browser, "vae_utils.evaluation")
    script = "return document.documentElement.scrollWidth"
    assert browser.execute_script(script) <= width


def test_every_record_leads_somewhere(index):
    anchors = {
        page: {
            tag["id"]
            for tag in BeautifulSoup(
                (HTML / f"{page}.html").read_text(encoding="utf-8"), "html.parser"
            ).find_all(id=True)
        }
        for page in index["docnames"]
    }
    for page, anchor, title, *_ in index["sections"]:
        assert title
        assert not anchor or anchor in anchors[index["docnames"][page]], anchor


def test_the_index_is_light():
    data = (HTML / "searchindex.js").read_bytes()
    assert len(gzip.compress(data)) < 180_000  # instead of the pages themselves
