"""A page with the playground's engine, its findings, experiments and guide.

The digits are few, and from the bundled sample, so that real runs take a second.
"""

import base64
import gzip
from importlib.resources import files

import numpy as np

from vae_utils.datasets.loading import SAMPLE_DIR
from vae_utils.playground import make_scripts
from vae_utils.playground.scripts import PAGE

VIEW = files("vae_utils.playground") / "view"
OF_PAGE = ("address.js", "host.js", "layout.js", "playground.js")  # what it has not
PARTS = (  # in the order of loading
    "numbers.js",
    "frame.js",
    "pictures.js",
    *(name for name in PAGE if name not in OF_PAGE),
)
COUNTS = {"train": 1000, "t10k": 200}
SIDE = 14
HEADER = 16  # bytes before the pixels
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>guide</title>'
    "<style>{style}</style></head><body><script>{scripts}</script>"
    '<div class="vae-widget"></div></body></html>'
)
# P.getData, and what trains in the page: the data, and a run of them.
DATA = """
(function () {
  const P = VAEBook.playground;
  const unpack = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const split = (values) => ({ values, count: values.length / 196 });
  const [training, heldOut] = %s.map(unpack).map(split);
  const g = P.makeGenerator(11);
  const points = (count) => {
    const values = new Float32Array(2 * count);
    for (let i = 0; i < count; i++) {
      const [angle, radius] = [2 * Math.PI * g.uniform(), 1 + 0.1 * g.normal()];
      values.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i);
    }
    return { values, count };
  };
  const ring = {
    inputs: 2, hidden: [32, 32], likelihood: "gaussian", output: "linear", sigma: 0.1,
    binarise: false,
  };
  const sets = {
    digits: { name: "digits", side: 14, settings: {}, training, heldOut },
    ring: {
      name: "ring", side: null, settings: ring, training: points(1000),
      heldOut: points(200),
    },
  };
  P.getData = (name) => sets[name];
  window.trainRun = ({ label = "", data = "digits", settings = {}, epochs }) => {
    const set = P.getData(data);
    const trainer = P.makeTrainer({ ...set.settings, ...settings }, set);
    const steps = Math.floor(set.training.count / trainer.settings.batchSize);
    while (trainer.step < epochs * steps && !trainer.failure) trainer.train();
    const { epochs: records, failure, ...last } = trainer.snapshot({ codes: 1000 });
    return { label, data: set, settings, epochs: records, failure, last };
  };
})();
"""


def read_digits(part: str) -> np.ndarray:
    """Reads digits of the bundled sample, each pixel the mean of 2 × 2 of theirs."""
    packed = (SAMPLE_DIR / f"mnist-{part}-images-idx3-ubyte.gz").read_bytes()
    pixels = np.frombuffer(gzip.decompress(packed), np.uint8)[HEADER:]
    images = pixels.reshape(-1, SIDE, 2, SIDE, 2)[: COUNTS[part]]
    return images.mean((2, 4)).round().astype(np.uint8)


def write_guide(folder) -> str:
    """Writes the page; returns its address."""
    widgets = files("vae_utils.widgets")
    sets = [base64.b64encode(read_digits(part)).decode() for part in COUNTS]
    parts = [make_scripts(), (widgets / "elements.js").read_text("utf-8"), DATA % sets]
    parts += [(VIEW / name).read_text("utf-8") for name in PARTS]
    style = (widgets / "widget.css").read_text("utf-8")
    style += (VIEW.parent / "guide.css").read_text("utf-8")
    file = folder / "a guide.html"
    page = PAGE.format(style=style, scripts="\n".join(parts))
    file.write_text(page, encoding="utf-8")
    return file.as_uri()
