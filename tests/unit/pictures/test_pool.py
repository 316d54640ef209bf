import errno
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
from picture_files import draw, write
from PIL import Image

from vae_utils.datasets.pictures import pool, server
from vae_utils.datasets.pictures.server import CRASHED, PROGRAM

SIZE = 8


@pytest.fixture
def decode(own, tmp_path, monkeypatch):
    """Decodes files of the user's folder; returns answers by name, and the rows."""
    array = tmp_path / "array"

    def decode(names, array=array, colour="rgb", program=PROGRAM):
        monkeypatch.setattr(server, "PROGRAM", program)
        array.exists() or array.write_bytes(b"?" * (10 + len(names) * SIZE * SIZE * 3))
        settings = {
            "root": str(own),
            "array": str(array),
            "offset": 10,
            "size": SIZE,
            "colour": colour,
            "fit": "crop",
            "background": [255, 255, 255],
            "max_pixels": 10**6,
        }
        answers = {names[a["row"]]: a for a in pool.decode(settings, names)}
        rows = np.frombuffer(array.read_bytes()[10:], np.uint8)
        return answers, rows.reshape(-1, SIZE, SIZE, 3)

    return decode


def started_by_us():
    return [
        p for p in psutil.Process().children() if "process.main" in str(p.cmdline())
    ]


def with_decoder(code):
    """Returns the program of a process in which `path` is decoded by other code."""
    other = f"before = pictures.decode\ndef decode(path, *a, **o):\n    {code}\n"
    other += "    return before(path, *a, **o)\npictures.decode = decode"
    return PROGRAM.replace(
        "import process; ", f"import pictures, process; exec({other!r}); "
    )


def test_fills_the_rows_of_pictures_and_answers_for_all(own, decode, monkeypatch):
    monkeypatch.setattr(pool, "CHUNK", 3)
    names = [f"{i}.png" for i in range(20)]
    write(own, *names)
    (own / "7.png").write_bytes(b"junk")
    answers, rows = decode(names)
    assert sorted(answers) == sorted(names)
    assert answers.pop("7.png")["reason"] == "not a picture that Pillow reads"
    assert (rows[7] == ord("?")).all()
    for i, name in enumerate(names):
        if name in answers:
            expected = draw(i).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
            np.testing.assert_array_equal(rows[i], expected)
    assert len({answer["digest"] for answer in answers.values()}) == 19
    assert not started_by_us()


def test_a_file_that_takes_the_decoder_down_costs_no_other(own, decode, monkeypatch):
    monkeypatch.setattr(pool, "CHUNK", 4)
    names = [f"{i}.png" for i in range(10)]
    write(own, *names)
    program = with_decoder("import os; path.endswith('5.png') and os._exit(9)")
    answers, _ = decode(names, program=program)
    assert answers.pop("5.png") == {"row": 5, "reason": CRASHED}
    assert all("digest" in answer for answer in answers.values())


def test_gives_up_if_all_crash(own, decode, monkeypatch):
    monkeypatch.setattr(pool, "MOST_CRASHES", 1)
    write(own, "1.png", "2.png", "3.png")
    program = with_decoder("import os; os._exit(9)")
    with pytest.raises(RuntimeError, match="keep crashing.*Received: 2 crashes"):
        decode(["1.png", "2.png", "3.png"], program=program)
    assert not started_by_us()


def test_says_why_no_process_starts(own, decode):
    write(own, "1.png")
    with pytest.raises(RuntimeError, match="could not be started. Received: no luck"):
        decode(["1.png"], program="raise SystemExit('no luck')")


def test_an_interruption_ends_the_processes(own, decode, monkeypatch):
    write(own, "1.png")
    looks = []

    def check():
        looks.append(started_by_us())
        if len(looks) > 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(pool.interruption, "check", check)
    with pytest.raises(KeyboardInterrupt):
        decode(["1.png"], program=with_decoder("import time; time.sleep(100)"))
    assert looks[-1] and not started_by_us()


def test_a_full_disk_is_an_error_of_the_array(own, decode):
    write(own, "1.png")
    with pytest.raises(OSError, match="/dev/full") as caught:
        decode(["1.png"], array=Path("/dev/full"))
    assert caught.value.errno == errno.ENOSPC


def test_a_process_ends_when_the_program_does(own, tmp_path):
    (tmp_path / "array").touch()
    command = [sys.executable, "-c", PROGRAM, *sys.path]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        settings = {"root": "", "array": str(tmp_path / "array"), "offset": 0}
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline() == b'"ready"\n'
        process.stdin.close()
        assert process.wait(20) == 0
