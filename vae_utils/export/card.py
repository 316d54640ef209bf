"""The model card: what a model is, how it was measured, and how to call it."""

from tabulate import tabulate

from vae_utils.export.snippets import write_snippet

CAPTIONS = {
    "reconstruct": "Test images, each next to its reconstruction (mean image).",
    "generate": "Images decoded from codes that were drawn from the prior (mean "
    "images).",
}
#: Format → its files, and what loads them.
FILES = {
    "keras": ("`keras/NAME.keras`, one a function", "Keras"),
    "savedmodel": ("`savedmodel/`, one signature a function", "TensorFlow"),
    "onnx": ("`onnx/NAME.onnx`, one a function", "ONNX Runtime"),
    "litert": ("`litert/model.tflite`, one signature a function", "LiteRT"),
    "js": (
        "`js/model.js`, and `js/index.html`, a page that uses it",
        "Node.js, or any browser",
    ),
}


def write_card(metadata: dict, differences: dict, numbers: dict, pictures) -> str:
    """Writes the card.

    Args:
        metadata: as `metadata.describe` returns it.
        differences: format → as `checking.compare` returns them.
        numbers: as `measurements.collect` returns them.
        pictures: names of the pictures, keys of `CAPTIONS`.

    Returns:
        Markdown.
    """
    kinds = list(differences)
    sections = [
        _describe_model(metadata),
        _describe_functions(metadata),
        _describe_files(kinds),
        *(_describe_calls(kind, metadata) for kind in kinds),
        _describe_numbers(numbers),
        _show(pictures),
        _describe_differences(differences),
        _describe_data(metadata),
        _describe_limits(metadata, kinds),
        _describe_versions(metadata),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _table(rows, headers):
    rows = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return tabulate(rows, headers, "pipe", disable_numparse=True)


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
    text = f"A {m['description']}. `model.json` has all settings."
    return f"# {m['name']}\n\n{text}\n\n{_table(rows, ('', ''))}"


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
            _table(rows, ("function", "inputs", "outputs", "what it does")),
            _table(values, ("name", "shape", "type", "what it is")),
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
            "`sample` turns each row of noise, drawn from N(0, I), into one new image; "
            "the generator and its seed are the caller's."
        )


def _name_all(entries):
    return ", ".join(_code(entry["name"]) for entry in entries)


def _shape(entry):
    return f"({', '.join(map(str, ('n', *entry['shape'])))})".replace("(n)", "(n,)")


def _describe_files(kinds):
    rows = [(kind, *FILES[kind]) for kind in kinds]
    return f"## Files\n\n{_table(rows, ('format', 'files', 'what loads them'))}"


def _describe_calls(kind, metadata):
    language, program = write_snippet(kind, metadata)
    where = "Run this in the folder of this card:"
    return f"## Call it: {kind}\n\n{where}\n\n```{language}\n{program}\n```"


def _describe_numbers(numbers):
    if not numbers["metrics"]:
        return f"## Numbers\n\n{numbers['note']}"
    rows = [
        (_code(name), f"{value:.4g}", numbers["measured"].get(name, ""))
        for name, value in numbers["metrics"].items()
    ]
    table = _table(rows, ("name", "value", "measured on"))
    return "\n\n".join(filter(None, ["## Numbers", numbers["note"], table]))


def _show(pictures):
    shown = [f"![{CAPTIONS[n]}](pictures/{n}.png)\n\n{CAPTIONS[n]}" for n in pictures]
    return "\n\n".join(["## Pictures", *shown]) if shown else ""


def _describe_differences(differences):
    text = (
        "Every file was loaded again, in a process without the package that wrote it, "
        "and given the same inputs as the model in Keras. The largest difference of a "
        "value:"
    )
    table = tabulate_differences(differences, "pipe")
    return f"## Differences from the model in Keras\n\n{text}\n\n{table}"


def tabulate_differences(differences: dict, style: str = "simple") -> str:
    """Makes a table of the largest differences: a row an output, a column a format.

    Args:
        differences: format → (function, output) → number.
        style: of `tabulate`.
    """
    keys = next(iter(differences.values()))
    rows = [
        [*key, *(f"{found[key]:.1e}" for found in differences.values())] for key in keys
    ]
    headers = ["function", "output", *differences]
    return tabulate(rows, headers, style, disable_numparse=True)


def _describe_data(m):
    data = m["data"]
    return (
        f"## Data and licence\n\n{data['provenance']}\n\nAuthors and licence of the "
        f"images: {data['licence']}. What a model draws can resemble its training "
        "images: their licence may apply to it."
    )


def _describe_limits(m, kinds):
    height, width, channels = m["image_shape"]
    limits = [
        f"Images are {height} × {width} × {channels} (height × width × channels); "
        "others must be cropped and scaled first, as the training images were.",
        "For images unlike those of its training, codes and numbers mean little.",
    ]
    if "decode" in m["functions"]:
        limits.append(
            "`x_mean` is a mean of p(x|z), not a draw from it: details that the code "
            "does not determine are blurred."
        )
    if "score" in m["functions"]:
        limits.append(
            "Nats of models with different likelihoods are not comparable, nor is a "
            "low likelihood proof of an anomaly."
        )
    if any(e["name"] == "y" for f in m["functions"].values() for e in f["inputs"]):
        limits.append(
            f"Labels are 0 … {len(m['classes']) - 1}; any other number stands for no "
            "class at all, without an error."
        )
    if "keras" in kinds and m["pixels"].startswith("bytes"):
        limits.append(
            "Keras casts what it is given: images from 0 to 1 become black bytes. The "
            "other formats refuse them."
        )
    return "\n".join(["## Limits", "", *(f"- {limit}" for limit in limits)])


def _describe_versions(m):
    versions = ", ".join(f"{name} {value}" for name, value in m["versions"].items())
    return f"## Versions\n\nExported with {versions}."
