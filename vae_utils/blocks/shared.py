"""Compiled loops that models share: the same program is compiled once in a process."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable

MOST = 16  # programs kept
_compiled: OrderedDict[str, object] = OrderedDict()


def compile_once(text: str, compile: Callable):
    """Returns what the same program was compiled to, or compiles it.

    Two models of one architecture have the same program: their variables are its
    arguments. What it computes is compared, not where it came from.

    Args:
        text: the program, in XLA's language, with all constants.
        compile: function without arguments, which compiles it.
    """
    key = hashlib.sha256(without_names(text).encode()).hexdigest()
    if key not in _compiled:
        _compiled[key] = compile()
    _compiled.move_to_end(key)
    while len(_compiled) > MOST:
        _compiled.popitem(last=False)
    return _compiled[key]


def without_names(text: str) -> str:
    """Numbers the names of a program, which may have those of layers in them."""
    names: dict[str, str] = {}
    _, _, text = text.partition("\n")  # the first line names the module

    def number(name):
        return names.setdefault(name[0], f"%{len(names)}")

    return re.sub(r"%[\w.\-]+", number, text)
