"""Descriptions of numbers that earlier versions worded wrongly, as they should read.

A file keeps what was recorded. Where a description is shown or compared, it is
restated: the number, the images and the draws are the same; what the number bounds was
not known.
"""

#: Part of a description of an earlier version → what is true of the same number.
RESTATED = {
    "not a bound on a probability, but what a program": (
        "with its KL term an upper bound on −log p averaged over all dynamic "
        "binarisations of these images; what a program"
    ),
    "with grey_kl an upper bound": "with its KL term an upper bound",
}


def restate(measured: dict) -> dict:
    """Restates how numbers were measured.

    Args:
        measured: name → description, of any version; what is no text stays as it is.

    Returns:
        Name → description of this version.
    """
    restated = dict(measured)
    for name, text in measured.items():
        for old, new in RESTATED.items() if isinstance(text, str) else ():
            restated[name] = restated[name].replace(old, new)
    return restated
