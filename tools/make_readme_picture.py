"""Makes the moving picture of ten digits in the README, from a recorded network.

    python tools/make_readme_picture.py

A conditional network writes the ten digits from one code, and the code goes round a
circle: what changes is the handwriting. The pixels are the decoder's means.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from vae_utils.runs import loading

PICTURE = Path(__file__).parents[1] / ".github" / "ten_digits.gif"
STUDY = "project_asahi417-cvae-3cnn"
LATENT_DIM = 20  # of that network
SEED = 5
FRAMES, MILLISECONDS = 64, 100
SCALE = 4  # pixels of the picture for one of the network's, along a side
COLUMNS = 5
GREYS = 16  # few of them keep the file small
UNCHANGED = GREYS  # of the palette: a pixel as in the frame before


def main():
    """Draws the frames and writes them."""
    model = loading.load(loading.find_recorded(STUDY))
    labels = np.arange(10)
    codes = go_round(FRAMES, LATENT_DIM)
    frames = [draw(model.decode(np.tile(z, (10, 1)), labels)) for z in codes]
    first, *rest = map(paint, [frames[0], *map(keep_changes, frames, frames[1:])])
    PICTURE.parent.mkdir(exist_ok=True)
    first.save(
        PICTURE,
        save_all=True,
        append_images=rest,
        duration=MILLISECONDS,
        loop=0,
        transparency=UNCHANGED,
        disposal=1,  # what is transparent shows the frame before
        optimize=False,  # the palette is the same for all
    )
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


def go_round(count: int, latent_dim: int) -> np.ndarray:
    """Returns codes on a circle around the origin, as far out as the prior's codes.

    Args:
        count: how many.
        latent_dim: of the network.

    Returns:
        Array of shape (count, latent_dim).
    """
    plane, _ = np.linalg.qr(np.random.default_rng(SEED).normal(size=(latent_dim, 2)))
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return np.float32(np.sqrt(latent_dim) * circle @ plane.T)


def draw(images) -> np.ndarray:
    """Puts ten images into a grid, enlarged, as indices of the palette."""
    images = np.asarray(images).squeeze()
    rows = images.reshape(-1, COLUMNS, *images.shape[1:]).swapaxes(1, 2)
    grid = rows.reshape(-1, COLUMNS * images.shape[2])
    enlarged = np.kron(grid, np.ones((SCALE, SCALE)))
    return np.uint8(np.round(enlarged * (GREYS - 1)))


def keep_changes(before: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """Returns a frame in which pixels that did not change are transparent."""
    return np.where(frame == before, np.uint8(UNCHANGED), frame)


def paint(frame: np.ndarray) -> Image.Image:
    """Turns indices into a picture with its palette, white on black."""
    picture = Image.fromarray(frame, mode="P")
    shades = [round(255 * i / (GREYS - 1)) for i in range(GREYS)]
    picture.putpalette([shade for grey in [*shades, 0] for shade in 3 * [grey]])
    return picture


if __name__ == "__main__":
    main()
