"""Published numbers, each with its source."""

import dataclasses
import json
from pathlib import Path

FILE = Path(__file__).with_name("published.json")
#: How a number was read, by its tag.
TAGS = {"V": "read at this link", "S": "from a summary, not read here"}
BINARISATIONS = ("dynamic", "static", "unknown")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Published:
    """A published negative log-likelihood on the MNIST test images.

    Args:
        model: as its source calls it.
        nll: nats.
        spread: what the source puts after ±; None if nothing.
        k: importance samples behind it; None if the source does not tell.
        binarisation: of the images, `dynamic`, `static` or `unknown`.
        quantity: `p(x)` or `p(x|y)`.
        trained_on: training images, as far as told.
        layers: network and latent variables, as far as told.
        tag: `V`, read at `url`, be it a quotation; `S`, from a summary by others.
        source: where it stands.
        url: of the source.
        note: what a reader must know beside; may be empty.

    Raises:
        ValueError: if it has no source, or another tag or binarisation.
    """

    model: str
    nll: float
    spread: float | None = None
    k: int | None = None
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
                "A published number has a source and its https address. "
                f"Received: source={self.source!r}, url={self.url!r}"
            )
        for name, choices in (("tag", TAGS), ("binarisation", BINARISATIONS)):
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} must be one of {', '.join(choices)}. "
                    f"Received: {name}={getattr(self, name)!r}"
                )

    @property
    def comparable(self) -> bool:
        """Whether binarisation is dynamic and K > 1 stated, as in the book's rows."""
        return not self.differences

    @property
    def differences(self) -> tuple[str, ...]:
        """Why it stands in no column with numbers of the book; empty if it may."""
        found = []
        if self.binarisation != "dynamic":
            found.append(f"binarisation {self.binarisation}")
        if self.k is None:
            found.append("K not told")
        elif self.k == 1:
            found.append("K = 1, −ELBO")
        return tuple(found)


def published(file=FILE) -> list[Published]:
    """Reads the published numbers, lowest first.

    Args:
        file: JSON, a list of what `Published` takes.

    Raises:
        ValueError: if one of them has no source, or is not well described.
    """
    entries = json.loads(Path(file).read_text(encoding="utf-8"))
    return sorted((Published(**entry) for entry in entries), key=lambda e: e.nll)
