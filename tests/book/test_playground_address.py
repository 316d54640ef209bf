"""A run of the playground in the page's address, and links to it."""

import pytest
from playground_site import do, show, show_run, write_page
from widget_pages import wait_until

PLAIN = "#data=digits&seed=3"
NONSENSE = "This link has parts that make no sense, which were left out. "
CLIPBOARD = """
Object.defineProperty(navigator, "clipboard", { configurable: true, value:
  { async writeText(text) { window.copied = text; } } });
"""


@pytest.fixture(scope="module")
def browser(playground_browser):
    return playground_browser


def open_link(browser, address, fragment):
    """Opens a link; returns settings, what is planned, the message and the numbers."""
    show_run(browser, address, fragment)
    return do(
        browser, "return [run.data.name, run.settings, one('.vp-wish').textContent]"
    )


def test_what_is_written_is_read(compute):
    script = """
    const settings = {
      mode: "ae", latentDim: 7, hidden: [128, 64], likelihood: "learned", sigma: 0.05,
      beta: 1e-7, warmUp: 2.5, learningRate: 1e+21, batchSize: 20, seed: 4294967295,
      bugs: ["bytes", "sigmoidTwice"],
    };
    const changed = [
      { step: 10, changes: { beta: 0.5, warmUp: 0 } },
      { step: 25, changes: { bugs: [] } },
      { step: 31, changes: { bugs: ["bytes", "samplingOff"] } },
    ];
    const read = (given) =>
      P.readAddress(P.writeAddress(given), ["digits", "ring"]);
    const full = read({ data: "ring", first: settings, changed, step: 40 });
    const plain = read({
      data: "digits", changed: [], step: 0,
      first: { ...settings, hidden: [], bugs: [] },
    });
    return [settings, full, plain];
    """
    settings, full, plain = compute(script)
    assert full == {
        "data": "ring",
        "settings": settings,
        "plan": [
            {"step": 10, "changes": {"beta": 0.5}},
            {"step": 10, "changes": {"warmUp": 0}},
            {"step": 25, "changes": {"bugs": []}},
            {"step": 31, "changes": {"bugs": ["bytes", "samplingOff"]}},
        ],
        "steps": 40,
        "problems": [],
    }
    assert plain["settings"] == settings | {"hidden": [], "bugs": []}
    assert (plain["data"], plain["plan"], plain["steps"]) == ("digits", [], 0)


def test_an_address_survives_an_encoder(compute):
    script = """
    const text = P.writeAddress({ data: "digits", first: run.settings, step: 5,
      changed: [{ step: 2, changes: { bugs: ["bytes", "samplingOff"] } }] });
    const read = (hash) => JSON.stringify(P.readAddress(hash, ["digits"]));
    const encoded = text.replace(/[:,+]/g, encodeURIComponent);
    const all = [encoded, `#${text}`].map(read);
    return [encoded !== text, ...all.map((each) => each === read(text))];
    """
    assert compute(script) == [True, True, True]


SHARED = """
await trainTo(30);
slide("β", 9);
await trainTo(55);
one("[value=samplingOff]").click();
one("[value=forgottenHalf]").click();
slide("Epochs of warm-up", 2);
await trainTo(90);
one("[value=samplingOff]").click();
await trainTo(97);
press("Copy a link to this run");
await until(() => window.copied);
const view = () => [Array.from(run.snapshot.weights), one(".vp-numbers").innerText,
  run.settings, one(".vp-example").textContent, location.hash.split("#")[1]];
return [window.copied, ...view()];
"""


def test_a_link_shows_the_same_run(browser, playground_address):
    """All weights are the same, bit by bit, and so is what the page says."""
    show_run(browser, playground_address, PLAIN)
    link, *expected = do(browser, CLIPBOARD + SHARED)
    assert link.startswith(playground_address + "#data=digits&") and "steps=97" in link
    show(browser, link)
    wait_until(browser, "return page.run.snapshot?.step === 97", seconds=20)
    script = """
    await until(() => !run.isPlaying);
    const found = [Array.from(run.snapshot.weights), one(".vp-numbers").innerText,
      run.settings, one(".vp-example").textContent, location.hash.split("#")[1]];
    const checked = [...document.querySelectorAll(".vp-bugs :checked")];
    const beta = field("β").getAttribute("aria-valuetext");
    return [found, one(".vp-wish").textContent, beta,
      checked.map(({ value }) => value), P.describeLinkOf(page)];
    """
    found, said, beta, bugs, again = do(browser, script)
    assert found == expected
    assert said == "This link shows a run of 97 steps, then it pauses."
    assert (beta, bugs) == ("4", ["forgottenHalf"])
    assert again == link.split("#")[1]


def test_a_run_can_be_changed_before_its_first_snapshot_comes(
    browser, playground_address
):
    """A link begins with what the run began with, whatever the page knew by then."""
    show_run(browser, playground_address, PLAIN)
    script = """
    run.step();
    slide("β", 9);
    await until(() => run.snapshot.step === 1);
    await trainTo(5);
    return [P.describeLinkOf(page), Array.from(run.snapshot.weights)];
    """
    link, weights = do(browser, script)
    show(browser, playground_address, f"#{link}")
    wait_until(browser, "return page.run.snapshot?.step === 5", seconds=20)
    assert do(browser, "return Array.from(run.snapshot.weights)") == weights


def test_changes_before_the_first_step_are_where_a_link_begins(compute):
    script = """
    slide("β", 9);
    one("[value=bytes]").click();
    await trainTo(3);
    return P.describeLinkOf(page);
    """
    link = compute(script)
    assert "&beta=4&" in link and "&bugs=bytes&" in link and "then" not in link


def test_without_a_clipboard_the_link_is_in_a_field(compute):
    script = """
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => false;
    press("Copy a link to this run");
    await frame();
    const { hidden, value } = one(".vp-link");
    return [hidden, value === location.href, one(".vp-wish").textContent];
    """
    hidden, is_address, said = compute(script)
    assert not hidden and is_address
    assert (
        said == "Your browser does not let the page copy: take the link from the field."
    )


LEFT_OUT = "The change {} makes no sense, so it was left out."
MAKES_NO_SENSE = {
    "data=cats": "The data must be one of digits, clothes, sprites, ring.",
    "mode=gan": "mode must be one of vae, ae.",
    "latentDim=0": "latentDim must be a whole number from 1 to 10000.",
    "latentDim=": "latentDim must be a whole number from 1 to 10000.",
    "hidden=1,2,3": "hidden must be up to two widths from 1 to 1024.",
    "hidden=NaN": "hidden must be up to two widths from 1 to 1024.",
    "likelihood=__proto__": "likelihood must be one of bernoulli, gaussian, learned.",
    "sigma=0": "sigma must be a number above 0.",
    "beta=-1": "beta must be a number, 0 or more.",
    "beta=1e999": "beta must be a number, 0 or more.",
    "beta=0x10": "beta must be a number, 0 or more.",
    "warmUp=%ZZ": "warmUp must be a number of epochs, 0 or more.",
    "learningRate=0": "learningRate must be a number above 0.",
    "batchSize=1.5": "batchSize must be a whole number from 1 to 10000.",
    "seed=-1": "seed must be a whole number from 0 to 4294967295.",
    "bugs=<img src=x onerror=alert(1)>": "bugs must be names among meanOverPixels, ",
    "steps=1e9": "steps must be a whole number from 0 to 200000.",
    "steps=-1": "steps must be a whole number from 0 to 200000.",
    "then=5:latentDim:3": LEFT_OUT,
    "then=x:beta:3": LEFT_OUT,
    "then=5": LEFT_OUT,
    "then=5:beta": LEFT_OUT,
    "then=5:__proto__:1": LEFT_OUT,
}


@pytest.mark.parametrize("part", MAKES_NO_SENSE)
def test_nonsense_is_a_sentence_and_the_rest_is_used(part, browser, playground_address):
    name, value = part.split("=", 1)
    rest = "latentDim=3&beta=2" if name not in ("latentDim", "beta") else "seed=7"
    data = "" if name == "data" else "data=digits&"
    show(browser, playground_address, f"#{data}{part}&{rest}")
    wait_until(browser, "return page.run.snapshot !== null", seconds=30)
    script = """
    const said = one(".vp-wish").textContent;
    press("One step");
    await until(() => run.snapshot.step === 1);
    const { latentDim, beta, seed } = run.settings;
    return [said, run.data.name, latentDim, beta, seed];
    """
    said, data, *settings = do(browser, script)
    assert said.startswith(NONSENSE + MAKES_NO_SENSE[part].format(value))
    assert said.count(" must be ") + said.count(" makes no sense") == 1
    assert data == "digits"
    assert settings == ([2, 1, 7] if rest == "seed=7" else [3, 2, 0])
    assert browser.get_log("browser") == []


def test_all_that_makes_no_sense_is_named_at_once(browser, playground_address):
    fragment = "#data=digits&beta=-1&seed=x&seed=4&mode=ae&&=&x=1&then=1:bugs:a"
    data, settings, said = open_link(browser, playground_address, fragment)
    assert (data, settings["mode"], settings["seed"]) == ("digits", "ae", 4)
    assert "beta must be" in said and "The change 1:bugs:a" in said
    assert "seed" not in said  # the last one counts


@pytest.mark.parametrize("fragment", ["#what-you-see", "#%", "#datax=digits"])
def test_a_fragment_without_data_is_no_link(fragment, browser, playground_address):
    data, settings, said = open_link(browser, playground_address, fragment)
    assert (data, settings["seed"], said) == ("digits", 0, "")
    script = """
    const before = location.hash;
    slide("β", 9);
    return [before, location.hash];
    """
    before, after = do(browser, script)
    assert (
        before == fragment and after.startswith("#data=digits&") and "beta=4" in after
    )


def test_a_new_fragment_is_followed(compute):
    script = """
    await trainTo(5);
    location.hash = "#data=ring&seed=2&steps=4";
    await until(() => run.data.name === "ring" && run.snapshot?.step === 4);
    const found = [run.settings.seed, one("[value=ring]").checked];
    location.hash = "#what-you-see";
    await rest(100);
    return [...found, run.data.name, run.snapshot.step];
    """
    assert compute(script) == [2, True, "ring", 4]


def test_elsewhere_there_is_no_address_to_copy(browser, playground_folder):
    head = "<script>delete document.documentElement.dataset.content_root</script>"
    show_run(browser, write_page(playground_folder, head, name="elsewhere.html"))
    script = """
    slide("β", 9);
    const button = [...document.querySelectorAll("button")].find((b) =>
      b.textContent === "Copy a link to this run");
    return [location.hash, button.checkVisibility()];
    """
    assert do(browser, script) == ["", False]
