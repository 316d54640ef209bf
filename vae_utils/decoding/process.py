"""A process that decodes pictures: reads lines of tasks, answers each with a line.

`datasets.pictures.pool` starts it and talks to it. Everything is JSON: first the
settings, then lists of `[row, name]`. A row of the array file is written for each
picture that can be decoded; the answer has what was in the file, or why it cannot be
used. The process ends when its input does, so that none outlives the program that
started it.
"""

import hashlib
import json
import os
import sys

from vae_utils.decoding import pictures


def main():
    """Answers until the input ends."""
    lines, answers = sys.stdin.buffer, sys.stdout.buffer
    settings = json.loads(lines.readline())
    root, array, offset = (settings.pop(name) for name in ("root", "array", "offset"))
    formats = pictures.prepare()
    with open(array, "r+b") as rows:
        _answer(answers, "ready")
        for line in lines:
            try:
                done = []
                for row, name in json.loads(line):
                    path = os.path.join(root, *name.split("/"))
                    contents, facts = _work(path, formats, settings)
                    if contents:
                        rows.seek(offset + row * len(contents))
                        rows.write(contents)
                    done.append({"row": row, **facts})
                rows.flush()
            except OSError as error:  # of the array file
                return _answer(answers, error.errno)
            _answer(answers, done)


def _work(path, formats, settings):
    """Returns the bytes of a decoded picture, and what is known of it."""
    try:
        pixels, facts = pictures.decode(path, formats, **settings)
    except pictures.Undecodable as error:
        return b"", {"reason": str(error)}
    contents = pixels.tobytes()
    return contents, {"digest": hashlib.sha256(contents).hexdigest(), **facts}


def _answer(stream, answer):
    stream.write(json.dumps(answer).encode() + b"\n")
    stream.flush()
