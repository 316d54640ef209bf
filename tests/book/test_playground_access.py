"""The playground's page for everybody: axe, keyboard, zoom, motion, colours, speech."""

import os
from pathlib import Path

import pytest
from built_site import emulate, resize
from playground_site import do, show_run
from selenium.webdriver.common.keys import Keys
from widget_pages import overflow

TOOLS = Path(__file__).parents[2] / "_quick" / "tools"
AXE = """
axe.run(document, {resultTypes: ["violations"], preload: false,
  rules: {"label-content-name-mismatch": {enabled: true}}}).then((result) =>
  arguments[0](result.violations.map((v) => `${v.impact} ${v.id}: `
    + `${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)}`)));
"""
SOME_RUNS = {  # what a reader may have on the screen
    "digits": "await trainTo(45);",
    "ring": "choose('ring'); await until(() => run.data.name === 'ring');"
    "await shown(); await trainTo(25);",
    "failed": "await trainTo(45); run.change({ learningRate: 1e30 }); run.play();"
    "await until(() => run.snapshot.failure);",
}


@pytest.fixture(scope="module")
def axe():
    files = sorted(TOOLS.glob("axe-*.min.js"))
    if not files:
        missing = "There is no axe here; `make test-tools` gets it"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return files[-1].read_text()


@pytest.fixture
def browser(playground_browser):
    yield playground_browser
    emulate(playground_browser)
    resize(playground_browser, 1440, 1000)
    assert playground_browser.get_log("browser") == []


@pytest.mark.parametrize("name", SOME_RUNS)
def test_axe_finds_nothing(name, browser, playground_address, axe):
    found = []
    for size in ((1440, 900), (390, 844)):
        resize(browser, *size)
        show_run(browser, playground_address)
        do(browser, SOME_RUNS[name])
        browser.execute_script(
            "for (const fold of document.querySelectorAll('details')) fold.open = true"
        )
        browser.execute_script(axe)
        for theme in ("light", "dark"):
            script = "document.documentElement.dataset.theme = arguments[0]"
            browser.execute_script(script, theme)
            found += [f"{size} {theme} {v}" for v in browser.execute_async_script(AXE)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 390, 700, 1024])
def test_nothing_is_wider_than_the_page(width, browser, playground_address):
    resize(browser, width, 844)
    show_run(browser, playground_address)
    for name in ("ring", "digits"):
        do(browser, SOME_RUNS[name] if name == "ring" else "choose('digits')")
        script = """
        await until(() => run.data.name === arguments[0] && run.snapshot);
        slide("Latent dimensions", 9);
        await shown();
        for (const fold of document.querySelectorAll("details")) fold.open = true;
        const event = new KeyboardEvent("keydown", { key: "ArrowRight" });
        one(".vp-map").dispatchEvent(event);
        await frame();
        return [...document.querySelectorAll(".vae-playground *")].filter((e) =>
          e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
          && e.clientWidth > 0 && !e.closest("svg, .vp-scroll, .vw-said")
          && getComputedStyle(e).overflowX !== "visible" && e.tabIndex < 0
        ).map((e) => e.outerHTML.slice(0, 100));
        """.replace("arguments[0]", f"'{name}'")
        assert do(browser, script) == []
        assert overflow(browser) <= 0


def test_the_settings_are_folded_where_there_is_no_room(browser, playground_address):
    for width, is_open in ((390, False), (1440, True)):
        resize(browser, width, 844)
        show_run(browser, playground_address)
        assert do(browser, "return one('.vp-settings').open") == is_open


# What has the focus, and whether that can be seen.
FOCUS = """
const at = document.activeElement;
const isOutlined = (node) => {
  const style = node && getComputedStyle(node);
  return Boolean(style) && style.outlineStyle !== "none" &&
    parseFloat(style.outlineWidth) > 0;
};
const own = at.closest("label")?.querySelector("span")?.textContent ?? at.textContent;
const name = at.getAttribute("aria-label")?.split(":")[0] ??
  at.closest("fieldset")?.querySelector("legend").textContent ??
  at.querySelector("caption")?.textContent ?? (own || at.parentElement.textContent);
return at === document.body ? null :
  [name, isOutlined(at) || isOutlined(at.nextElementSibling)];
"""
ORDER = [
    "Play",
    "One step",
    "Start again",
    "Another seed",
    "slower",
    "8 experiments: predict, then run",
    "Settings",
    "Data",
    "Model",
    "Latent dimensions",
    "β",
    "Likelihood p(x|z)",
    "More settings",
    "Bugs to switch on",
    "Copy a link to this run",
    "Map",
    "Nats per example, in the mean",
]


def test_the_keyboard_goes_in_order_and_is_seen(browser, playground_address):
    """First what runs the training, then settings, map, and numbers."""
    show_run(browser, playground_address)
    browser.execute_script("document.body.focus()")
    reached = []
    while len(reached) < 100:
        browser.switch_to.active_element.send_keys(Keys.TAB)
        if (at := browser.execute_script(FOCUS)) is None:
            break
        reached.append(at)
    assert [name for name, _ in reached][: len(ORDER)] == ORDER
    assert [name for name, is_seen in reached if not is_seen] == []


def test_the_page_trains_by_keyboard(browser, playground_address):
    show_run(browser, playground_address)
    play = browser.find_element("css selector", ".vp-play")
    play.send_keys(Keys.ENTER)
    do(browser, "await until(() => run.snapshot.step > 5)")
    browser.switch_to.active_element.send_keys(Keys.SPACE)
    script = """
    await until(() => !run.isPlaying);
    const slider = field("β");
    slider.focus();
    return [document.activeElement === slider, run.snapshot.step > 5];
    """
    assert do(browser, script) == [True, True]
    browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    found = do(browser, "return [run.settings.beta, field('β').ariaValueText]")
    assert found == [2, "2"]


def test_epochs_are_announced_but_seldom(compute):
    """A run whose every second, by a clock of the test, ends an epoch."""
    script = """
    let time = 0;
    const now = performance.now;
    performance.now = () => 1000 * time;
    const region = document.createElement("p");
    const announce = P.makeAnnouncer(region);
    const said = [];
    const heldOut = { nll: 46, kl: 3, active: 2 };
    const show = (isPlaying, epoch) => {
      const records = [{ epoch, heldOut }];
      announce({ records, isPlaying, isNew: true, snapshot: { isPlaying },
        settings: { mode: "vae" } });
      const text = region.textContent;
      if (text !== said.at(-1)?.[1]) said.push([time, text]);
    };
    for (time = 0; time < 20; time++) show(true, time);
    show(false, time);
    performance.now = now;
    return said;
    """
    *during, paused = compute(script)
    assert [time for time, _ in during] == [
        0,
        6,
        12,
        18,
    ]  # seconds: more than five apart
    text = "−ELBO 49.0 nats on held-out data: nll 46.0, kl 3.0; active dimensions: 2."
    assert [text for _, text in during] == [
        f"Epoch {epoch}: {text}" for epoch in (0, 6, 12, 18)
    ]
    assert paused == [20, f"Paused. Epoch 20: {text}"]


def test_the_status_says_the_last_epoch(compute):
    script = """
    await trainTo(2 * run.stepsPerEpoch());
    return [one(".vp-toolbar [role=status]").textContent, run.records.at(-1).heldOut];
    """
    said, held_out = compute(script)
    total = held_out["nll"] + held_out["kl"]
    assert said.startswith(f"Paused. Epoch 2: −ELBO {total:.1f} nats on held-out data")


@pytest.mark.parametrize(
    ("motion", "interval"), [("no-preference", 100), ("reduce", 1000)]
)
def test_less_motion_is_fewer_pictures(motion, interval, browser, playground_address):
    """The engine is asked for a picture every so many milliseconds, at most."""
    emulate(browser, prefers_reduced_motion=motion)
    show_run(browser, playground_address, "#data=ring")
    script = """
    const posted = [];
    P.startRunner = () => ({ post: (message) => posted.push(message), stop() {} });
    P.makeRun(() => {}).start(run.data, run.settings);
    return posted.map(({ type, interval }) => [type, interval]);
    """
    assert do(browser, script) == [["configure", interval]]


def test_forced_colours_keep_lines_apart(browser, playground_address):
    emulate(browser, forced_colors="active")
    show_run(browser, playground_address)
    script = """
    await trainTo(45);
    slide("Latent dimensions", 4);
    await shown();
    await trainTo(45);
    const look = (selector) => {
      const style = getComputedStyle(one(selector));
      return [style.stroke, style.strokeDasharray, style.strokeWidth].join();
    };
    const lines = ["vp-reported", "vp-training", "vp-held-out"].map(
      (name) => look(`.vp-curves .${name}`));
    const ground = getComputedStyle(document.body).backgroundColor;
    const bar = getComputedStyle(one(".vp-bar"));
    const edges = [".vp-aggregate", ".vp-prior"].map(look);
    const keys = ["reported", "training", "held-out"].map((name) => {
      const style = getComputedStyle(one(`.vp-key.vp-${name}`));
      return [style.borderTopColor, style.borderTopStyle].join();
    });
    return [lines, edges, keys, bar.backgroundColor !== ground, ground];
    """
    lines, edges, keys, bar, ground = do(browser, script)
    for kind in (lines, edges, keys):
        assert len(set(kind)) == len(kind), kind
        assert not any(look.startswith(ground) for look in kind)
    assert bar


def test_in_print_the_figures_and_what_is_chosen_stay(browser, playground_address):
    show_run(browser, playground_address)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    script = """return [".vp-map", ".vp-grid", ".vp-numbers", ".vp-play",
      ".vp-guide-fold"].map((name) => one(name).checkVisibility())"""
    found = do(browser, script)
    chosen = do(
        browser,
        """return [...document.querySelectorAll(".vp-form .vw-choice label")].filter(
          (label) => label.checkVisibility()).map((label) => label.innerText.trim())""",
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert found == [True, True, True, False, False]
    assert chosen == ["Digits", "VAE", "Bernoulli"]
