"""Names inside a plot that do not hide each other."""

import numpy as np

GAP = 2  # pixels of a page between two names
ROUNDS = 60  # after which names that still touch are left as they are


def spread_labels(ax, texts):
    """Moves names apart, each as little as need be, inside their Axes.

    Args:
        ax: their Axes.
        texts: the names, each placed in the coordinates of the data, in a box.
    """
    ax.figure.draw_without_rendering()
    boxes = [text.get_bbox_patch().get_window_extent() for text in texts]
    if len(boxes) < 2:
        return
    centres = np.array([(box.min + box.max) / 2 for box in boxes])
    halves = np.array([box.size / 2 for box in boxes]) + GAP / 2
    placed = move_apart(centres, halves, ax.get_window_extent().get_points())
    for text, shift in zip(texts, placed - centres, strict=True):
        if shift.any():
            place = ax.transData.transform(text.get_position()) + shift
            text.set_position(ax.transData.inverted().transform(place))


def move_apart(centres, halves, frame) -> np.ndarray:
    """Moves boxes apart, pair by pair, along the side on which they overlap least.

    Args:
        centres: shape (n, 2).
        halves: half of each width and height, shape (n, 2).
        frame: lower left and upper right corner that the boxes stay in, shape (2, 2).

    Returns:
        New centres, shape (n, 2); those of boxes that touch no other are unchanged.
    """
    centres = np.array(centres, float)
    pairs = [(i, j) for i in range(len(centres)) for j in range(i)]
    for _ in range(ROUNDS):
        moved = [_part(centres, halves, i, j) for i, j in pairs]
        if not any(moved):
            break
        inside = np.clip(centres, frame[0] + halves, frame[1] - halves)
        centres = np.where((frame[1] - frame[0] > 2 * halves), inside, centres)
    return centres


def _part(centres, halves, i, j) -> bool:
    """Moves two boxes apart in place if they overlap; returns whether they did."""
    between = centres[i] - centres[j]
    overlap = halves[i] + halves[j] - np.abs(between)
    if overlap.min() <= 1e-6:
        return False
    side = int(overlap.argmin())
    step = overlap[side] / 2 * (1 if between[side] >= 0 else -1)
    centres[i, side] += step
    centres[j, side] -= step
    return True
