"""The glossary is sorted and can be read term by term; the notation's numbers hold."""

import math
import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
GLOSSARY = (BOOK / "glossary.md").read_text(encoding="utf-8")
TERMS = dict(re.findall(r"(?m)^(\S[^\n]*)\n  (\S[^\n]*)$", GLOSSARY))
NOTATION = (BOOK / "notation.md").read_text(encoding="utf-8")
# What chapters 0 to 3 use without explaining it again.
NEEDED = """
autoencoder code density encoder decoder ELBO evidence expectation flatten gap head
kernel likelihood logit nat padding posterior prior reconstruction sample seed sigmoid
softplus stride weights
""".split()
LONGEST = 160  # characters of a first sentence, which a link shows when pointed at


def key(term):
    return term.casefold().replace("-", " ")


def test_terms_are_sorted_and_there_is_one_definition_of_each():
    listed = re.findall(r"(?m)^(\S[^\n]*)\n  \S", GLOSSARY)
    assert listed == sorted(set(listed), key=key)
    assert len(listed) > 90


@pytest.mark.parametrize("term", NEEDED)
def test_the_first_chapters_find_their_terms(term):
    assert term in TERMS


@pytest.mark.parametrize("term", TERMS)
def test_a_first_sentence_is_short_and_needs_no_formula(term):
    first = re.split(r"(?<=[.?!])\s", TERMS[term])[0]
    assert first.endswith(".") and len(first) <= LONGEST
    assert not set("$\\") & set(first), first


def test_numbers_in_the_table_of_formulas_are_right():
    def normal(z):
        return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    on = 1 / (1 + math.exp(-1.1))
    draws = (1.3, 0.6, 1.1)
    numbers = {
        normal(0): "0.399",
        normal(2): "0.054",
        on: "0.75",
        1 - on: "0.25",
        sum(z * z for z in draws) / 3: "1.09",
        1 + 0.5**2: "1.25",
        784 * math.log(1 / 2): "-543.4",
        (1 + 0.5**2 - 1 - math.log(0.5**2)) / 2: "0.82",
        3 - 0.1 * 6: "2.4",
    }
    table = NOTATION.partition("## How to read a formula")[2].partition("\n## ")[0]
    for value, text in numbers.items():
        places = len(text.partition(".")[2])
        assert f"{value:.{places}f}" == text and text in table, text
