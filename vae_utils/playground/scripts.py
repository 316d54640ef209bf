"""Puts the engine's scripts together."""

from importlib.resources import files

ENGINE = files("vae_utils.playground") / "engine"
PARTS = (  # of the engine, each of which needs those before it
    "numbers.js",
    "random.js",
    "matrices.js",
    "layers.js",
    "bugs.js",
    "likelihoods.js",
    "posterior.js",
    "adam.js",
    "settings.js",
    "model.js",
    "batches.js",
    "evaluation.js",
    "trainer.js",
    "service.js",
)
RUNNER = "runner.js"  # starts the engine in a worker, or in the page


def make_engine() -> str:
    """Makes the script that defines the engine, and starts it in the page.

    It is one function, `VAEBook.playgroundEngine`, since a worker can be made of a
    function's own text: a page from disk may load no file in a worker. What the parts
    call `self` is the worker, or the page's window.

    Returns:
        JavaScript, a classic script.
    """
    parts = "".join(_read(name) for name in PARTS)
    return (
        "window.VAEBook ??= {};\n"
        f"VAEBook.playgroundEngine = function (self) {{\n{parts}}};\n"
        "VAEBook.playgroundEngine(window);\n"
    )


def make_scripts() -> str:
    """Makes the script with the engine and what starts it, `startRunner`.

    Returns:
        JavaScript, a classic script.
    """
    return make_engine() + _read(RUNNER)


def _read(name):
    return (ENGINE / name).read_text(encoding="utf-8")
