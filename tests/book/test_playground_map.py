"""The playground's map: dots, the chosen example, axes, and densities."""

import math
import re

import numpy as np
import pytest

PLANE, EDGE, SIZE = 316, 44, 360  # of map.js
DIGIT = "₀₁₂₃₄₅₆₇₈₉"

# Codes as the engine sent them, and what the map shows.
LOOK = """
const { codes } = run.snapshot;
const frame_ = run.frame;
const texts = [...document.querySelectorAll(".vp-lines text")].map(
  (text) => text.textContent);
const shape = (selector) => [...document.querySelectorAll(`.vp-lines ${selector}`)].map(
  (e) => ["cx", "cy", "r", "rx", "ry"].map((name) => Number(e.getAttribute(name))));
const canvas = one(".vp-dots");
const { width } = canvas;
const painted = () => canvas.getContext("2d").getImageData(0, 0, width, width).data;
"""


def scale(values, middle, half):
    """Places values of the first axis, as the map should have them."""
    return ((np.asarray(values) - middle) / half + 1) / 2 * PLANE


def place(means, frame, axes=(0, 1)):
    """Places codes in the drawing."""
    x = scale(means[:, axes[0]], frame["middle"][0], frame["half"])
    y = EDGE + PLANE - scale(means[:, axes[1]], frame["middle"][1], frame["half"])
    return np.stack([x, y], axis=1)


def list_codes(values, dimensions):
    return np.array(values).reshape(-1, dimensions)


def test_the_dots_are_the_codes_in_their_class_colours(compute):
    script = "await trainTo(80);" + LOOK
    found = compute(
        script
        + """
    return { means: Array.from(codes.means), frame: frame_, texts,
      labels: Array.from(run.data.heldOut.labels), colours: P.classColours,
      painted: Array.from(painted().filter((_, i) => i % 4 === 3)), width };
    """
    )
    means = list_codes(found["means"], 2)
    places = place(means, found["frame"])
    assert len(places) == 1000 and found["frame"]["middle"] == [0, 0]
    share = found["width"] / SIZE
    painted = np.reshape(found["painted"], (found["width"], -1)) > 0
    expected = np.zeros_like(painted)
    y, x = np.indices(painted.shape) + 0.5
    inside = (places[:, 0] < PLANE - 3) & (places[:, 0] > 3)
    inside &= (places[:, 1] > EDGE + 3) & (places[:, 1] < SIZE - 3)
    assert inside.mean() > 0.9
    for left, top in places * share:
        expected |= (x - left) ** 2 + (y - top) ** 2 < (2.4 * share) ** 2
    at = (slice(int(EDGE * share) + 1, None), slice(None, int(PLANE * share) - 1))
    # The rims of dots are half painted.
    assert (painted[at] >= expected[at]).all()
    assert (painted[at] & ~expected[at]).sum() < 0.6 * expected[at].sum()
    assert [t for t in found["texts"] if t.startswith("z")] == ["z₁", "z₂"]


def test_colours_are_those_of_classes(compute):
    script = (
        "await trainTo(80);"
        + LOOK
        + """
    const places = run.frame;
    const at = (i) => [
      ((codes.means[2 * i] / places.half + 1) / 2) * 316,
      44 + ((1 - codes.means[2 * i + 1] / places.half) / 2) * 316];
    const all = Array.from({ length: 1000 }, (_, i) => at(i));
    const isAlone = ([x, y], i) => x > 5 && x < 311 && y > 49 && y < 355
      && all.every(([a, b], k) => k === i || (a - x) ** 2 + (b - y) ** 2 > 49);
    const alone = all.map((p, i) => [p, i]).filter(([p, i]) => isAlone(p, i));
    const pixels = painted();
    const pixelOf = ([x, y]) => {
      const [left, top] = [x, y].map((v) => Math.floor(v * width / 360));
      const at = 4 * (top * width + left);
      return Array.from(pixels.slice(at, at + 4));
    };
    return alone.map(([p, i]) => [pixelOf(p),
      P.classColours[run.data.heldOut.labels[i]]]);
    """
    )
    found = compute(script)
    assert len(found) > 5
    assert len({colour for _, colour in found}) > 1
    for pixel, colour in found:
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        np.testing.assert_allclose(pixel[:3], rgb, atol=3)
        assert 190 < pixel[3] < 215  # four fifths


def test_an_example_is_chosen_by_pointer_and_shown(compute, playground_browser):
    script = (
        "await trainTo(80);"
        + LOOK
        + """
    const box = one(".vp-map").getBoundingClientRect();
    const i = 17;
    const x = ((codes.means[2 * i] / frame_.half + 1) / 2) * 316;
    const y = 44 + ((1 - codes.means[2 * i + 1] / frame_.half) / 2) * 316;
    one(".vp-map").scrollIntoView();
    const moved = one(".vp-map").getBoundingClientRect();
    window.at = [moved.left + x * box.width / 360, moved.top + y * box.width / 360];
    return [at, Array.from(codes.means), Array.from(codes.logVars), frame_.half];
    """
    )
    (x, y), means, log_vars, half = compute(script)
    event = {"type": "mouseMoved", "x": x, "y": y}
    playground_browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)
    text, ellipses, dots, label = compute(
        "await frame();"
        + LOOK
        + """
    const i = Number(one(".vp-example").textContent.match(/\\d+/)) - 1;
    return [one(".vp-example").textContent, shape("ellipse"), shape(".vp-chosen"),
      run.data.classes[run.data.heldOut.labels[i]]];
    """
    )
    index = int(re.match(r"Example (\d+)", text)[1]) - 1
    means, sigmas = list_codes(means, 2), np.exp(list_codes(log_vars, 2) / 2)
    places = place(means, {"middle": [0, 0], "half": half})
    # The nearest dot, were there another one below the pointer.
    assert math.dist(places[index], places[17]) < 1
    np.testing.assert_allclose(dots[0][:2], places[index], atol=1e-3)
    for times, (cx, cy, _, rx, ry) in enumerate(ellipses, 1):
        np.testing.assert_allclose([cx, cy], places[index], atol=1e-3)
        expected = times * sigmas[index] / half / 2 * PLANE
        np.testing.assert_allclose([rx, ry], expected, rtol=1e-5)
    assert len(ellipses) == 2

    def write(values):
        return "(" + ", ".join(f"{v:.2f}".replace("-", "−") for v in values) + ")"

    assert text == (
        f"Example {index + 1}, “{label}”: μ = {write(means[index])}, "
        f"σ = {write(sigmas[index])}"
    )


def test_arrow_keys_choose_examples(compute):
    script = """
    const map = one(".vp-map");
    const texts = [];
    for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp",
      "ArrowUp", "a"]) {
      const event = new KeyboardEvent("keydown", { key, cancelable: true });
      map.dispatchEvent(event);
      const number = one(".vp-example").textContent.match(/Example (\\d+),/)[1];
      texts.push([Number(number), event.defaultPrevented]);
    }
    map.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
    return [texts, map.tabIndex, one(".vp-example").textContent,
      document.querySelectorAll(".vp-lines .vp-chosen").length];
    """
    texts, tab, text, chosen = compute(script)
    numbers = [number for number, _ in texts]
    assert numbers == [1, 2, 3, 2, 1, 1000, 1000]
    assert [prevented for _, prevented in texts] == 6 * [True] + [False]
    assert tab == 0 and text.startswith("Point at a dot") and chosen == 0


def test_of_five_dimensions_the_two_that_carry_most_are_shown(compute):
    script = (
        """
    await page.useData("digits", { latentDim: 5, seed: 4 });
    await shown();
    await trainTo(160);
    """
        + LOOK
        + """
    return [run.records.at(-1).heldOut.klPerDimension, frame_.axes, texts,
      [...document.querySelectorAll(".vp-bars li > :first-child")].map(
        (e) => e.textContent)];
    """
    )
    kl, axes, texts, names = compute(script)
    expected = sorted(np.argsort(kl)[-2:].tolist())
    assert axes == expected != [0, 1]
    assert [t for t in texts if t.startswith("z")] == [f"z{DIGIT[a + 1]}" for a in axes]
    assert names == [f"z{DIGIT[i]}" for i in range(1, 6)]


# A run with codes that are given, for the parts that place things.
MADE = """
const makeRun = ({ mode = "vae", latentDim = 2, means, kl = null }) => ({
  settings: { mode, latentDim },
  snapshot: { codes: { means: Float32Array.from(means), logVars: null,
    count: means.length / latentDim } },
  records: kl ? [{ heldOut: { klPerDimension: kl, variances: kl } }] : [],
});
"""


def test_the_frame_holds_the_codes(compute):
    script = """
    const rows = (count, value) =>
      Array.from({ length: count }, (_, i) => value(i)).flat();
    const wide = rows(200, (i) => [i / 20, -i / 40]);
    const ae = rows(200, (i) => [100 + i / 100, 7]);
    return [
      P.findFrame(makeRun({ means: rows(50, () => [0.1, 0.2]) })),
      P.findFrame(makeRun({ means: wide })),
      P.findFrame(makeRun({ mode: "ae", means: ae })),
      P.findFrame(makeRun({ mode: "ae", means: rows(9, () => [0, 0]) })),
      P.findFrame(makeRun({ latentDim: 4, means: rows(9, () => [0, 0, 0, 0]),
        kl: [1, 0.5, 0.1, 3] })),
      P.findFrame(makeRun({ latentDim: 1, means: rows(9, () => [0]) })),
      P.findFrame(makeRun({ means: [NaN, 1, NaN, 2] })),
    ];
    """
    narrow, wide, ae, still, four, one, broken = compute(MADE + script)
    assert narrow == {"axes": [0, 1], "middle": [0, 0], "half": 3}
    assert wide == {"axes": [0, 1], "middle": [0, 0], "half": 10}
    (x, y), half = ae["middle"], ae["half"]
    assert x - half <= 100.1 and x + half >= 101.9 and half < 4 and abs(y - 7) < half
    assert 0 < still["half"] <= 0.01 and four["axes"] == [0, 3]
    assert one == {"axes": [0, None], "middle": [0, 0], "half": 3}
    assert math.isfinite(broken["half"])


def test_grid_codes_lie_at_their_places_of_the_map(compute):
    script = """
    const means = Array.from({ length: 40 }, (_, i) => (i * 37) % 11);
    const codes = (run, side) => {
      const frame = P.findFrame(run);
      return [Array.from(P.makeGridCodes(run, frame, side)), frame];
    };
    return [codes(makeRun({ latentDim: 4, means, kl: [0, 1, 0, 2] }), 5),
      codes(makeRun({ latentDim: 4, means, kl: [0, 1, 0, 2], mode: "ae" }), 5),
      codes(makeRun({ latentDim: 1, means }), 3), means];
    """
    vae, ae, line, means = compute(MADE + script)
    centres = (np.arange(5) + 0.5) / 5 * PLANE
    for (values, frame), rest in ((vae, 0), (ae, list_codes(means, 4).mean(0)[[0, 2]])):
        codes = list_codes(values, 4)
        places = place(codes, frame, (1, 3)).reshape(5, 5, 2)
        np.testing.assert_allclose(places[..., 0], np.tile(centres, (5, 1)), atol=1e-3)
        down = np.tile(EDGE + centres[:, None], (1, 5))
        np.testing.assert_allclose(places[..., 1], down, atol=1e-3)
        np.testing.assert_allclose(codes[:, [0, 2]], np.broadcast_to(rest, (25, 2)))
    values, frame = line
    expected = (np.arange(9) + 0.5) / 9 * PLANE
    np.testing.assert_allclose(
        scale(values, frame["middle"][0], frame["half"]), expected, atol=1e-3
    )


def test_one_dimension_has_a_row_for_each_class(compute):
    script = (
        """
    slide("Latent dimensions", 0);
    await shown();
    await trainTo(40);
    """
        + LOOK
        + """
    const map = one(".vp-map");
    const found = [];
    for (let i = 0; i < 60; i++) {
      map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      found.push([...shape(".vp-chosen")[0].slice(0, 2), codes.means[i],
        run.data.heldOut.labels[i]]);
    }
    return [found, frame_.half, texts, shape(".vp-circle").length];
    """
    )
    rows, half, texts, circles = compute(script)
    x, y, means, labels = np.array(rows).T
    np.testing.assert_allclose(x, scale(means, 0, half), atol=1e-3)
    np.testing.assert_array_equal(np.floor((y - EDGE) / PLANE * 10), labels)
    assert len(set(labels)) == 10 and circles == 0
    assert [t for t in texts if t.startswith("z")] == ["z₁"]


# Reads the lines along the map's edges as densities over the axes.
EDGES = """
const read = (name) => [...document.querySelectorAll(`.vp-lines polyline.${name}`)].map(
  (line) => line.getAttribute("points").split(" ").map(
    (point) => point.split(",").map(Number)));
return [read("vp-aggregate"), read("vp-prior"), run.frame.half,
  Array.from(run.snapshot.codes.means), Array.from(run.snapshot.codes.logVars ?? [])];
"""


def read_density(points, side, half, highest):
    """Returns places and densities of a line; heights go up to `highest`."""
    points = np.array(points)
    room = EDGE - 6
    if side == 0:
        return (points[:, 0] / PLANE * 2 - 1) * half, (
            EDGE - points[:, 1]
        ) / room * highest
    return (1 - (points[:, 1] - EDGE) / PLANE * 2) * half, (
        points[:, 0] - PLANE
    ) / room * highest


def test_densities_along_the_edges_are_those_of_the_codes(compute):
    aggregates, priors, half, means, log_vars = compute("await trainTo(60);" + EDGES)
    means, sigmas = (
        list_codes(means, 2)[:300],
        np.exp(list_codes(log_vars, 2)[:300] / 2),
    )
    highest = 2 / math.sqrt(2 * math.pi)  # so that the prior has half the room
    for side in (0, 1):
        z, density = read_density(aggregates[side], side, half, highest)
        assert np.trapezoid(density, z) == pytest.approx(1, abs=0.06)
        deviations = (z[:, None] - means[:, side]) / sigmas[:, side]
        expected = np.exp(-0.5 * deviations**2) / sigmas[:, side]
        expected = expected.mean(axis=1) / math.sqrt(2 * math.pi)
        np.testing.assert_allclose(density, np.minimum(expected, highest), atol=0.01)
        z, density = read_density(priors[side], side, half, highest)
        expected = np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
        np.testing.assert_allclose(density, expected, atol=0.005)
        assert np.trapezoid(density, z) == pytest.approx(1, abs=0.02)


def test_an_autoencoder_has_no_prior(compute):
    aggregates, priors, *_ = compute('choose("ae"); await shown();' + EDGES)
    assert len(aggregates) == 2 and priors == []
    script = """
    one(".vp-map").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    const titles = [...document.querySelectorAll(".vp-main figcaption")].map(
      (each) => each.textContent);
    return [one(".vp-example").textContent, document.querySelectorAll(
      ".vp-circle, .vp-ellipse").length, titles];
    """
    text, shapes, titles = compute(script)
    assert re.match(r"Example 1, “\d”: z = \(", text) and shapes == 0
    assert titles[0].startswith("Map: codes of 1000 held-out images")
    assert "no prior" in titles[3]
