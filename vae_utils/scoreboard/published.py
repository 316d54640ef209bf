"""Published numbers, each with its source."""

import dataclasses
import json
from pathlib import Path

FILE = Path(__file__).with_name("published.json")
#: How a number was read, by its tag.
TAGS = {
    "V": "read in this source, or in a copy of it",
    "S": "from a summary or a quotation by others",
}
BINARISATIONS = ("dynamic", "static", "unknown")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Published:
    """A published negative log-likelihood on the MNIST test images.

    Args:
        model: as its source calls it.
        nll: nats.
        spread: what the source puts after ±; None if nothing.
        k: importance samples behind it; None if the source does not report it.
        exact: whether the model computes its likelihood without sampling, as
            autoregressive models do.
        binarisation: of the images, `dynamic`, `static` or `unknown`.
        quantity: `p(x)` or `p(x|y)`.
        trained_on: training images, as far as reported.
        layers: network and latent variables, as far as reported.
        tag: `V`, read in the source, or a copy of it; `S`, from a summary or a
            quotation by others.
        source: where it is published.
        url: of the source.
        note: what else a reader must know; may be empty.

    Raises:
        ValueError: if it has no source, an unknown tag or binarisation, or K although
            its likelihood is exact.
    """

    model: str
    nll: float
    spread: float | None = None
    k: int | None = None
    exact: bool = False
    binarisation: str
    quantity: str = "p(x)"
    trained_on: str | None = None
    layers: str | None = None
    tag: str
    source: str
    url: str
    note: str = ""

    def __post_init__(self):
        if not (self.source and self.url.startswith("https://")):
            raise ValueError(
                "A published number must have a source and its https address. "
                f"Received: source={self.source!r}, url={self.url!r}"
            )
        if self.exact and self.k is not None:
            raise ValueError(
                f"An exact likelihood has no K. Received: exact=True, k={self.k}"
            )
        for name, choices in (("tag", TAGS), ("binarisation", BINARISATIONS)):
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} must be one of {', '.join(choices)}. "
                    f"Received: {name}={getattr(self, name)!r}"
                )

    @property
    def comparable(self) -> bool:
        """Whether binarisation is dynamic, and K > 1 or the likelihood exact."""
        return not self.differences

    @property
    def differences(self) -> tuple[str, ...]:
        """Why it cannot be compared with numbers of the book; empty if it can."""
        reasons = []
        if self.binarisation != "dynamic":
            reasons.append(f"binarisation {self.binarisation}")
        if self.k is None and not self.exact:
            reasons.append("K not reported")
        elif self.k == 1:
            reasons.append("K = 1, −ELBO")
        return tuple(reasons)


def published(file=FILE) -> list[Published]:
    """Reads the published numbers, lowest first.

    Args:
        file: JSON, a list of what `Published` takes.

    Raises:
        ValueError: if one of them has no source, or is not well described.
    """
    entries = json.loads(Path(file).read_text(encoding="utf-8"))
    return sorted((Published(**entry) for entry in entries), key=lambda e: e.nll)
