"""Writes the files that pages load in place of many small ones.

While pages are written, a joined file has a name that follows from its list of parts,
since some parts come later. In the end it is renamed after its content, in pages too.
"""

import hashlib
import posixpath
import re
from pathlib import Path

import unused_rules

ADDRESS = re.compile(r"url\(\s*(['\"]?)(?!data:|#|/|\w+:)([^)'\"]+)\1\s*\)")


def name(parts: list[str]) -> str:
    """Names a joined file, next to the first of its parts, where scripts look for data.

    Args:
        parts: paths in the folder of static files, in order.

    Returns:
        The path of the joined file in that folder.
    """
    return _name(parts[0], "\n".join(parts).encode())


def write(site: Path, joined: dict[str, list[str]], pruned: tuple[str, ...]):
    """Writes joined files.

    Args:
        site: the folder of the built site.
        joined: the parts of each file, by its name.
        pruned: beginnings of the names of style sheets whose unused rules go.
    """
    static, words = site / "_static", unused_rules.find_words(site)
    for file, parts in joined.items():
        # Not read_text, which would change line ends, also inside packed weights.
        texts = [(static / part).read_bytes().decode() for part in parts]
        text = "\n;\n".join(texts)
        if file.endswith(".css"):
            texts = [
                unused_rules.prune(text, words) if part.startswith(pruned) else text
                for part, text in zip(parts, texts, strict=True)
            ]
            folder = posixpath.dirname(file)
            moved = [move(*each, folder) for each in zip(texts, parts, strict=True)]
            text = "\n".join(moved)
        (static / file).write_bytes(text.encode())


def move(text: str, name: str, folder: str) -> str:
    """Adapts the addresses in a style sheet to another folder."""
    origin = posixpath.dirname(name)
    text = text.replace('@charset "UTF-8";', "")

    def change(match):
        target = posixpath.normpath(posixpath.join(origin, match[2]))
        return f"url({posixpath.relpath(target, folder or '.')})"

    return ADDRESS.sub(change, text)


def rename(site: Path, joined: dict[str, list[str]]):
    """Renames joined files after their contents, also where pages name them.

    Args:
        site: the folder of the built site.
        joined: has the names of the files.
    """
    new = {}
    for file in joined:
        path = site / "_static" / file
        new[path.name] = Path(_name(file, path.read_bytes())).name
        path.rename(path.with_name(new[path.name]))
    for page in site.glob("**/*.html"):
        text = page.read_bytes().decode()
        changed = re.sub(r"joined\.\w+\.\w+", lambda m: new.get(m[0], m[0]), text)
        if changed != text:
            page.write_bytes(changed.encode())


def _name(first, content):
    digest = hashlib.sha256(content).hexdigest()[:12]
    joined = f"joined.{digest}{Path(first).suffix}"
    return posixpath.join(posixpath.dirname(first), joined)
