"""A page with nothing but the playground's engine."""

from vae_utils.playground import make_scripts

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">{head}'
    "<title>engine</title></head><body><script>{before}</script>"
    "<script>{scripts}</script></body></html>"
)


def write_engine(folder, head="", before=""):
    """Writes a page with the engine; `before` is JavaScript that runs before it."""
    file = folder / "an engine.html"
    page = PAGE.format(head=head, before=before, scripts=make_scripts())
    file.write_text(page, encoding="utf-8")
    return file.as_uri()


def run(browser, script, *arguments):
    """Runs JavaScript with the parts of the engine as P; returns what it returns.

    A promise is waited for; an error becomes the text of one.
    """
    browser.set_script_timeout(60)
    return browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "const P = VAEBook.playground;"
        f"(async (...given) => {{ {script} }})(...arguments)"
        ".then(done, (error) => done(`${error}`))",
        *arguments,
    )
