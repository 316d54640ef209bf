"""The model card: what a model is, how it was measured, and how to call it."""

from vae_utils.export.limits import list_limits
from vae_utils.export.snippets import write_snippet
from vae_utils.export.tables import tabulate_differences, write_table

CAPTIONS = {
    "reconstruct": "Test images, each next to its reconstruction (mean image).",
    "generate": "Images decoded from codes that were drawn from the prior (mean "
    "images).",
}
#: Format → its files, and what loads them.
FILES = {
    "keras": ("`keras/NAME.keras`, one per function", "Keras"),
    "savedmodel": ("`savedmodel/`, one signature per function", "TensorFlow"),
    "onnx": ("`onnx/NAME.onnx`, one per function", "ONNX Runtime"),
    "litert": ("`litert/model.tflite`, one signature per function", "LiteRT"),
    "js": (
        "`js/model.js`, and `js/index.html`, a page that uses it",
        "Node.js, or any browser",
    ),
}


def write_card(
    metadata: dict, differences: dict, numbers: dict, pictures, sizes: dict
) -> str:
    """Writes the card.

    Args:
        metadata: as `metadata.describe` returns it.
        differences: format → as `checking.compare` returns them.
        numbers: as `measurements.collect` returns them.
        pictures: names of the pictures, keys of `CAPTIONS`.
        sizes: format → bytes of its files.

    Returns:
        Markdown.
    """
    kinds = list(differences)
    sections = [
        _describe_model(metadata),
        _describe_functions(metadata),
        _describe_files(kinds, sizes),
        *(_describe_calls(kind, metadata) for kind in kinds),
        _describe_numbers(numbers),
        _show(pictures),
        _describe_differences(differences),
        _describe_data(metadata),
        _describe_limits(metadata, kinds),
        _describe_versions(metadata),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _code(text):
    return f"`{text}`"


def _describe_model(m):
    height, width, channels = m["image_shape"]
    colours = {1: "grey", 3: "colour"}.get(channels, f"{channels}-channel")
    facts = [
        ("trained on", m["data"]["provenance"]),
        ("epochs", m["epoch"]),
        ("seed", m["seed"]),
        ("images", f"{height} × {width} pixels (height × width), {colours}"),
        ("pixels", m["pixels"]),
        ("examples in a call", m["batch_size"] or "any number"),
        ("latent dimensions", m.get("latent_dim")),
        ("likelihood", _name_likelihood(m)),
        ("prior", m.get("prior")),
        ("β", f"{m['beta']:g}" if "beta" in m else None),
        ("classes", ", ".join(m["classes"])),
    ]
    rows = [(name, value) for name, value in facts if value is not None]
    kind = m["description"][0].upper() + m["description"][1:]
    text = f"{kind}. `model.json` has all settings."
    return f"# {m['name']}\n\n{text}\n\n{write_table(rows, ('', ''))}"


def _name_likelihood(m):
    if "likelihood" not in m:
        return None
    sigma = f", σ = {m['sigma']:.4g}" if "sigma" in m else ""
    return f"{m['likelihood']}{sigma}"


def _describe_functions(m):
    rows = [
        (_code(name), _name_all(f["inputs"]), _name_all(f["outputs"]), f["does"])
        for name, f in m["functions"].items()
    ]
    entries = {
        entry["name"]: entry
        for f in m["functions"].values()
        for entry in (*f["inputs"], *f["outputs"])
    }
    values = [
        (_code(name), _shape(entry), entry["dtype"], entry["is"])
        for name, entry in entries.items()
    ]
    return "\n\n".join(
        [
            "## Functions",
            write_table(rows, ("function", "inputs", "outputs", "what it does")),
            write_table(values, ("name", "shape", "type", "what it is")),
            *_explain_noise(m),
        ]
    )


def _explain_noise(m):
    """Explains what chooses codes; nothing in the files is random."""
    if "eps" in _name_all(m["functions"].get("score", {}).get("inputs", ())):
        yield (
            "Nothing is random: the same inputs give the same outputs. `score` decodes "
            "the code z_mean + exp(z_log_var / 2) · eps. With eps = 0 that is the mean "
            "code: comparable from image to image, but not a bound on a probability. "
            "The mean of `neg_elbo` over draws of eps from N(0, I) is −ELBO."
        )
    if "sample" in m["functions"]:
        yield (
            "`sample` turns each row of noise into one new image; the generator of "
            "these numbers and its seed are the caller's."
        )


def _name_all(entries):
    return ", ".join(_code(entry["name"]) for entry in entries)


def _shape(entry):
    return f"({', '.join(map(str, ('n', *entry['shape'])))})".replace("(n)", "(n,)")


def _describe_files(kinds, sizes):
    rows = [(kind, *FILES[kind], f"{sizes[kind] / 1e6:.2f} MB") for kind in kinds]
    names = ("format", "files", "what loads them", "size")
    return f"## Files\n\n{write_table(rows, names)}"


def _describe_calls(kind, metadata):
    language, program = write_snippet(kind, metadata)
    where = "Run this in the folder of this card:"
    return f"## Call it: {kind}\n\n{where}\n\n```{language}\n{program}\n```"


def _describe_numbers(numbers):
    if not numbers["metrics"]:
        return f"## Numbers\n\n{numbers['note']}"
    rows = [
        (_code(name), _number(value), numbers["measured"].get(name, ""))
        for name, value in numbers["metrics"].items()
    ]
    table = write_table(rows, ("name", "value", "measured on"))
    return "\n\n".join(filter(None, ["## Numbers", numbers["note"], table]))


def _number(value):
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _show(pictures):
    shown = [f"![{CAPTIONS[n]}](pictures/{n}.png)\n\n{CAPTIONS[n]}" for n in pictures]
    return "\n\n".join(["## Pictures", *shown]) if shown else ""


def _describe_differences(differences):
    text = (
        "Every file was loaded again, in a process without the package that wrote it, "
        "and given the same inputs as the model in Keras. The largest difference of a "
        "value (`nll` and `kl` are sums of many, in nats):"
    )
    table = tabulate_differences(differences, "pipe")
    return f"## Differences from the model in Keras\n\n{text}\n\n{table}"


def _describe_data(m):
    data = m["data"]
    return (
        f"## Data and licence\n\n{data['provenance']}\n\nAuthors and licence of the "
        f"images: {data['licence']}. What a model draws can resemble its training "
        "images: their licence may apply to it."
    )


def _describe_limits(m, kinds):
    return "\n".join(
        ["## Limits\n", *(f"- {limit}" for limit in list_limits(m, kinds))]
    )


def _describe_versions(m):
    versions = ", ".join(f"{name} {value}" for name, value in m["versions"].items())
    return f"## Versions\n\nExported with {versions}."
