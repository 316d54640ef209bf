"""Pictures, curves, bars and numbers of the playground: what the engine has."""

import math

import numpy as np
import pytest


def list_rows(values, width):
    return np.array(values).reshape(-1, width)


def test_pictures_are_what_the_decoder_draws(compute):
    script = """
    one("[value=sigmoidTwice]").click();
    await trainTo(40);
    const { model, settings } = run;
    const pixelsOf = (name) => {
      const canvas = one(`.vp-${name}`);
      const { width, height } = canvas;
      const image = canvas.getContext("2d").getImageData(0, 0, width, height).data;
      return [width, height, Array.from(image.filter((_, i) => i % 4 === 0))];
    };
    const decode = (codes, count) =>
      Array.from(model.generate(codes, count, settings.bugs));
    const grid = P.makeGridCodes(run, run.frame, 12);
    const prior = P.makeGenerator(0, P.PURPOSES.prior).fillNormal(new Float32Array(40));
    const drawn = Object.fromEntries(["grid", "samples", "pairs"].map(
      (name) => [name, pixelsOf(name)]));
    const places = P.chooseExamples(run.data, 10);
    const values = P.takeExamples(run, places);
    const means = Array.from(model.encode(values, 10).mean.subarray(0, 20));
    return { drawn, grid: decode(grid, 144), samples: decode(prior, 20),
      values: Array.from(values), pairs: decode(Float32Array.from(means), 10),
      labels: places.map((i) => run.data.heldOut.labels[i]) };
    """
    found = compute(script)

    def cut(name, rows, columns, gap):
        """Cuts a picture into those that it is made of."""
        width, height, values = found["drawn"][name]
        side = 14 + gap
        assert (width, height) == (columns * side - gap, rows * side - gap)
        full = np.pad(np.reshape(values, (height, width)), ((0, gap), (0, gap)))
        parts = full.reshape(rows, side, columns, side)[:, :14, :, :14]
        return parts.swapaxes(1, 2).reshape(rows * columns, 196) / 255

    grid = cut("grid", 12, 12, 0)
    np.testing.assert_allclose(grid, list_rows(found["grid"], 196), atol=1 / 250)
    assert np.ptp(grid) > 0.2  # a sigmoid twice ends between a half and 0.73
    samples = cut("samples", 2, 10, 1)
    np.testing.assert_allclose(samples, list_rows(found["samples"], 196), atol=1 / 250)
    pairs = cut("pairs", 2, 10, 1)
    np.testing.assert_allclose(
        pairs[:10], list_rows(found["values"], 196), atol=1 / 250
    )
    np.testing.assert_allclose(pairs[10:], list_rows(found["pairs"], 196), atol=1 / 250)
    assert set(np.unique(pairs[:10])) == {0, 1}  # binarised, as the network gets them
    assert found["labels"] == list(range(10))


def test_the_density_of_the_ring_is_one(compute):
    script = """
    const result = [];
    await page.useData("ring");
    await shown();
    for (const step of [1, 200]) {
      await trainTo(step);
      const density = P.estimateDensity(run);
      const codes = P.drawPrior(run, 200);
      const means = run.model.generate(codes, 200, []);
      result.push([Array.from(density), Array.from(means), run.snapshot.sigma]);
    }
    const picture = one(".vp-grid");
    const { width } = picture;
    const data = picture.getContext("2d").getImageData(0, 0, width, width).data;
    const alpha = Array.from(data.filter((_, i) => i % 4 === 3));
    return [result, width, alpha];
    """
    result, width, alpha = compute(script)
    cell = 2 * 1.6 / 48
    at = (np.arange(48) + 0.5) * cell - 1.6
    for density, means, sigma in result:
        assert sigma == pytest.approx(0.1)
        density, means = np.reshape(density, (48, 48)), list_rows(means, 2)
        x, y = (
            np.exp(-0.5 * ((axis[:, None] - means[:, i]) / sigma) ** 2)
            / (sigma * math.sqrt(2 * math.pi))
            for i, axis in enumerate((at, -at))
        )
        np.testing.assert_allclose(density, y @ x.T / 200, rtol=1e-4, atol=1e-6)
        # A part of some Gaussians is beyond the picture's edges.
        ends = (np.array([1.6, -1.6])[:, None, None] - means) / (sigma * math.sqrt(2))
        upper, lower = np.vectorize(math.erf)(ends)
        inside = ((upper - lower) / 2).prod(axis=1).mean()
        assert density.sum() * cell**2 == pytest.approx(inside, abs=0.003)
        assert inside > 0.95
    # The picture's ink is the density, below the points.
    ink = np.reshape(alpha, (width, width)).reshape(48, width // 48, 48, -1)
    ink = np.median(ink, axis=(1, 3)) / 255
    assert np.corrcoef(ink.ravel(), density.ravel())[0, 1] > 0.9


def test_the_curves_have_three_lines_each(compute):
    script = """
    await trainTo(125);
    const lines = [...document.querySelectorAll(".vp-curves")].map((drawing) => [
      drawing.getAttribute("aria-label"),
      [...drawing.querySelectorAll("polyline:not(.vp-axis)")].map(
        (line) => [line.getAttribute("class"), line.getAttribute("points")]),
      [...drawing.querySelectorAll("text")].map((text) => text.textContent)]);
    return [lines, run.records];
    """
    lines, records = compute(script)
    assert len(lines) == 3 and [record["epoch"] for record in records] == [0, 1, 2, 3]
    values = (
        lambda record: record["nll"],
        lambda record: record["kl"],
        lambda record: record["nll"] + record["kl"],
    )
    for (label, points, texts), value in zip(lines, values, strict=True):
        kinds = ["vp-reported", "vp-training", "vp-held-out"]
        assert [name for name, _ in points] == kinds
        found = [
            np.array([point.split(",") for point in line.split()], float)
            for _, line in points
        ]
        assert [len(each) for each in found] == [3, 4, 4]
        np.testing.assert_allclose(
            found[2][:, 0], 38 + np.arange(4) / 3 * 176, atol=0.1
        )
        # The first value is far from all others, and out of the range.
        later = [
            record[kind] for record in records[1:] for kind in ("training", "heldOut")
        ]
        heights = np.stack([found[1][1:, 1], found[2][1:, 1]], axis=1).ravel()
        wanted = np.array([value(each) for each in later])
        slope = np.ptp(heights) / np.ptp(wanted)
        np.testing.assert_allclose(
            heights, heights[0] - slope * (wanted - wanted[0]), atol=0.15
        )
        last = records[-1]
        assert label.endswith(
            f" after epoch 3: {value(last['training']):.1f} nats on training, "
            f"{value(last['heldOut']):.1f} on held-out data"
        )
        assert texts[-1] == "epoch 3"


def test_the_table_has_the_numbers_of_the_last_record(compute):
    script = """
    await trainTo(85);
    const rows = [...document.querySelectorAll(".vp-numbers tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent));
    choose("ae");
    await shown();
    await trainTo(1);
    const ae = [...document.querySelectorAll(".vp-numbers tbody td")].map(
      (cell) => cell.textContent);
    return [rows, ae];
    """
    rows, ae = compute(script)
    numbers = [row[1:] for row in rows]
    assert [row[0] for row in rows] == [
        "reported while training",
        "training data",
        "held-out data",
    ]
    assert [row[3] for row in numbers[1:]] == ["–", "–"]
    for nll, kl, total, _ in numbers:
        assert float(nll) + float(kl) == pytest.approx(float(total), abs=0.011)
    reported = [float(number) for number in numbers[0]]
    assert reported[3] == pytest.approx(reported[2], abs=0.011)
    assert ae[:4] == ["–"] * 4 and ae[5:8] == ["–"] * 3 and float(ae[4]) > 50


def test_the_table_agrees_with_the_engine(compute):
    script = """
    one("[value=forgottenHalf]").click();
    await trainTo(40);
    const cells = [...document.querySelectorAll(".vp-numbers tbody td")].map(
      (cell) => cell.textContent);
    return [cells, run.records.at(-1)];
    """
    cells, record = compute(script)
    expected = [
        f"{value:.2f}"
        for part in ("trained", "training", "heldOut")
        for value in (
            record[part]["nll"],
            record[part]["kl"],
            record[part]["nll"] + record[part]["kl"],
            record[part].get("loss", math.nan),
        )
    ]
    assert cells == [number.replace("nan", "–") for number in expected]
    trained = record["trained"]
    assert trained["loss"] == pytest.approx(trained["nll"] + 2 * trained["kl"])


def test_bars_mark_dimensions_that_are_not_active(compute):
    script = """
    await page.useData("digits", { latentDim: 4, beta: 20, seed: 1 });
    await shown();
    await trainTo(200);
    const bars = [...document.querySelectorAll(".vp-bars li")].map((bar) => [
      bar.className, bar.lastChild.textContent,
      parseFloat(bar.querySelector(".vp-bar").style.width)]);
    return [bars, run.records.at(-1).heldOut, one(".vp-units").textContent];
    """
    bars, held_out, units = compute(script)
    active = [variance > 0.01 for variance in held_out["variances"]]
    assert [name == "" for name, _, _ in bars] == active and not all(active)
    for (_, text, width), kl, is_active in zip(
        bars, held_out["klPerDimension"], active, strict=True
    ):
        assert text == f"{kl:.2f}" + ("" if is_active else ", not active")
        assert width == pytest.approx(100 * kl / 6, abs=0.06)
    dead = held_out["dead"]
    assert units == "Dead units: " + ", ".join(
        f"{each['name']}: {each['dead']} of {each['units']}" for each in dead
    )
