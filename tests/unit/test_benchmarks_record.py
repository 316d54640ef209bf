"""The record of training speed: its ratios and tables, and the one that ships."""

import json

import numpy as np
import pytest

from vae_utils import speed


def make_variant(name, cpu, wall=None, loss=100.0):
    wall = wall or [2 * seconds for seconds in cpu]
    pairs = zip(cpu, wall, strict=True)
    return {
        "name": name,
        "label": f"the {name}",
        "versions": {name: "1.0"},
        "preparation": 0.5,
        "memory": 1234.5,
        "epochs": [
            {"cpu": c, "wall": w, "loss": loss, "images": 100} for c, w in pairs
        ],
    }


def make_record(**changes):
    variants = [
        make_variant("slow", [9.0, 4.0, 3.0, 8.0], [9.0, 2.0, 1.0, 4.0]),
        make_variant("first", [5.0, 2.0, 1.0, 2.0], [8.0, 2.0, 1.0, 2.0], 99.0),
        make_variant("least", [5.0, 1.0, 0.25, 1.0], loss=0.0),
    ]
    comparison = {
        "name": "net",
        "layers": "784-2",
        "parameters": 1570,
        "load": [0.5, 1.25],
        "yardstick": "first",
        "variants": variants,
    }
    fields = {
        "date": "2026-08-01",
        "data": "bars",
        "images": 100,
        "batch_size": 10,
        "rounds": 3,
        "ceiling": "least",
        "hardware": "a processor, 2 cores",
        "threads": {},
        "versions": {"python": "3.11"},
        "comparisons": [comparison],
    }
    return speed.read_record(json.dumps(fields | changes))


def test_ratios_are_taken_within_a_round_and_leave_out_the_first_epoch():
    net = make_record()["net"]
    np.testing.assert_allclose(net.ratios("slow"), [2, 3, 4])
    np.testing.assert_allclose(net.ratios("slow", of="wall"), [1, 1, 2])
    np.testing.assert_allclose(net.ratios("first", "slow"), [1 / 2, 1 / 3, 1 / 4])
    np.testing.assert_allclose(net["first"].rates, [50, 100, 50])
    assert net["first"].start == 0.5 + 8 - 2
    assert net.share_of_ceiling("first") == 50  # of 50, 25 and 50 %
    assert [each.name for each in net.trained] == ["first", "slow"]


def test_the_share_of_the_ceiling_counts_images():
    # Keras trains on the last, incomplete batch, too: more seconds for more images.
    fields = [make_variant("first", [2.0, 2.0]), make_variant("least", [1.0, 1.0])]
    for epoch in fields[0]["epochs"]:
        epoch["images"] = 200
    shared = {"name": "net", "layers": "2", "parameters": 2, "load": [0, 0]}
    shared |= {"yardstick": "first", "variants": fields}
    net = make_record(comparisons=[shared])["net"]
    assert net.share_of_ceiling("first") == 100


def test_without_a_ceiling_there_is_no_share():
    net = make_record(ceiling="none")["net"]
    assert net.share_of_ceiling("first") is None
    assert "–" in speed.cost_table(net)


def test_tables_have_a_line_for_each_variant_fastest_first_and_the_ceiling_last():
    net = make_record()["net"]
    for table in (speed.speed_table(net), speed.cost_table(net)):
        lines = table.splitlines()
        assert [line[:9] for line in lines[2:]] == [
            "the first",
            "the slow ",
            "the least",
        ]
    assert "3.00 (2.00–4.00)" in speed.speed_table(net)
    assert "<table>" in speed.speed_table(net, "html")
    last = speed.cost_table(net).splitlines()[-1]
    assert last.split()[-1] == "–"  # what only multiplies has no loss


def test_a_report_says_where_and_when():
    text = speed.report(make_record(threads={"OMP_NUM_THREADS": "1"}))
    for part in ("2026-08-01", "a processor", "OMP_NUM_THREADS=1", "784-2, 1,570"):
        assert part in text
    assert "load average 0.5 at the beginning, 1.2 at the end" in text


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"comparisons": [1], "ceiling": ""}', b"\xff"]
)
def test_refuses_what_is_no_record(text):
    with pytest.raises(ValueError, match="not a record of benchmarks.training_speed"):
        speed.read_record(text)


def test_refuses_unknown_networks_and_variants():
    record = make_record()
    with pytest.raises(ValueError, match="networks are net. Received: name='other'"):
        record["other"]
    with pytest.raises(ValueError, match="variants are slow, first, least. Received"):
        record["net"]["other"]


def test_the_record_that_ships_is_complete():
    record = speed.load_record()
    assert {each.name for each in record.comparisons} == {"fc_2", "fc_40", "conv"}
    assert "complete" in record.data
    assert record.images == 55_000
    for each in record.comparisons:
        names = "keras_tensorflow keras_jax pytorch ours_tensorflow ours_jax"
        for name in names.split():
            assert len(each[name].rounds("cpu")) == record.rounds
            assert (each[name].rounds("cpu") > 0).all()
        assert each.yardstick in each
