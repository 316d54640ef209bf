"""The playground's page as a site has it, on disk, in a browser."""

from playground_page import run
from widget_pages import wait_until

from vae_utils.playground.scripts import STYLES, write_scripts

# The colours that the book's theme has, and its page.
THEME = """
:root { --pst-color-border: #c9c9c9; --pst-color-text-muted: #48566b;
  --pst-color-background: #fff; --pst-color-surface: #f3f4f5;
  --pst-color-text-base: #222832; --pst-color-primary: #0a7d91; }
html[data-theme="dark"] { --pst-color-border: #48566b; --pst-color-text-muted: #9ca4af;
  --pst-color-background: #14181e; --pst-color-surface: #222832;
  --pst-color-text-base: #ced6dd; --pst-color-primary: #3fb1c5; }
body { margin: 8px auto; max-width: 1010px; font: 16px/1.5 sans-serif;
  color: var(--pst-color-text-base); background: var(--pst-color-background); }
a { color: var(--pst-color-primary); }
"""
PAGE = (
    '<!doctype html><html lang="en" data-content_root="./" data-theme="light"><head>'
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "{head}<title>Playground</title><style>{theme}</style>{styles}</head><body><main>"
    "<h1>Playground</h1>{body}</main><script>{before}</script>"
    '<script src="playground.js"></script><script>{after}</script></body></html>'
)
PLAYGROUND = (
    '<div class="vae-widget vae-playground vp-page" id="playground-0">'
    '<div class="vp-room"></div></div>'
)
# Keeps what no script of the site needs: `page`, the page's own object (playground.js),
# and `heard`, the messages of the engine.
SPY = """
window.heard = [];
const { makeHost, startRunner } = VAEBook.playground;
VAEBook.playground.makeHost = (page) => makeHost(window.page = page);
VAEBook.playground.startRunner = (listen) => startRunner((message) => {
  heard.push({ ...message, time: performance.now() });
  listen(message);
});
"""
# What scripts of tests need: waiting, and what they press.
HELP = """
const { run } = page;
const rest = (time) => new Promise((go) => setTimeout(go, time));
const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
const until = async (is, what = "it") => {
  const begin = performance.now();
  while (!is()) {
    if (performance.now() > begin + 20000) throw new Error(`${what} did not happen`);
    await rest(10);
  }
  await frame();
};
const one = (selector) => document.querySelector(selector);
const press = (text) =>
  [...document.querySelectorAll("button")].find((b) => b.textContent === text).click();
const field = (name) => [...document.querySelectorAll("label")].find(
  (label) => label.firstElementChild?.textContent === name)
  .querySelector("input, select");
const slide = (name, place) => {
  field(name).value = place;
  field(name).dispatchEvent(new Event("input"));
};
const choose = (value) => one(`.vw-choice input[value="${value}"]`).click();
const shown = () => until(() => run.snapshot, "a snapshot");
const trainTo = async (step) => {
  run.play({ until: step });
  await until(() => run.snapshot?.step === step && !run.isPlaying, `step ${step}`);
};
"""


def write_site(folder):
    """Writes what the page loads, once for all pages of a folder."""
    list(write_scripts(folder))
    return folder


def write_page(folder, head="", before="", after=SPY, name="index.html"):
    """Writes a page next to the scripts; returns its address.

    `before` and `after` are JavaScript that runs before and after the page's script.
    """
    sheets = (f'<link rel="stylesheet" href="{style.name}">' for style in STYLES)
    texts = {"theme": THEME, "styles": "".join(sheets), "body": PLAYGROUND}
    text = PAGE.format(head=head, before=before, after=after, **texts)
    (folder / name).write_text(text, encoding="utf-8")
    return (folder / name).as_uri()


def show(browser, address, fragment=""):
    """Opens a page, and waits for its playground to be there."""
    browser.get("about:blank")  # or else another fragment would not load the page
    browser.get(address + fragment)
    ready = "window.VAEBook?.playground?.ready.then(() => arguments[0]())"
    browser.set_script_timeout(30)
    browser.execute_async_script(ready)


def show_run(browser, address, fragment=""):
    """Opens a page, and waits for its first snapshot."""
    show(browser, address, fragment)
    wait_until(browser, "return page.run.snapshot !== null", seconds=30)


def do(browser, script, *arguments):
    """Runs JavaScript with `HELP` and the parts of the page as P."""
    return run(browser, HELP + script, *arguments)
