"""What the core path of a chapter is, and how long it takes."""

import core_path
import first_text
import nbformat
import pytest
import reading_time

FIRST_MINUTES, LONGEST = 30, 60  # of reading
SOLUTION = "## Solutions\n\nNot on the path."
TEXT = """# 1 · A title

Four words of prose.

<details>
<summary>Deeper: hidden</summary>

Many words that are not read.

</details>

```
# no heading
```

### Deeper: a proof

More that is not read.

#### Part of it

$$a = b$$

## Back on the path

**Predict.** Why?

$$c = d$$
"""


def code(source, name, tags=(), **metadata):
    metadata = {"tags": list(tags), "mystnb": metadata}
    return nbformat.v4.new_code_cell(source, id=name, metadata=metadata)


def prose(source, name):
    return nbformat.v4.new_markdown_cell(source, id=name)


@pytest.fixture
def cells():
    promise = "Time: 45 minutes of reading, 30 of exercises, about 20 seconds."
    return [
        prose(TEXT, "text"),
        prose(promise, "promise"),
        prose("Three questions here", "recall"),
        code("import keras", "imports"),
        code("f(\n    1,\n)", "visible"),
        code("plot()", "figure", ["hide-input"], figure={"caption": "One."}),
        prose("### Deeper: code", "fold"),
        code("one\ntwo", "folded", figure={"caption": "Two."}),
        prose("## Exercises\n\nFive words that are exercises", "exercises"),
        code("answer_x = ...", "exercise-1-answer"),
        code("def f():\n    ...", "blank"),
        prose(SOLUTION, "solutions"),
        code("answer", "exercise-1-solution", ["hide-cell"]),
    ]


@pytest.fixture
def path(cells, tmp_path):
    path = tmp_path / "chapter.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_heading_of_the_same_level_ends_a_fold(cells):
    pieces = list(core_path.split(cells))
    texts = {piece.text.split("\n")[0]: piece.place for piece in pieces}
    assert texts["# 1 · A title"] == "core"
    assert texts["### Deeper: a proof"] == texts["#### Part of it"] == "deeper"
    assert texts["## Back on the path"] == "core"
    assert texts["one"] == "deeper" and texts["answer_x = ..."] == "core"
    assert texts["## Solutions"] == texts["answer"] == "solutions"
    first = pieces[0].text
    assert "not read" not in first and "# no heading" in first


def test_a_piece_is_visible_on_the_path_unless_its_code_is_folded(cells):
    visible = {p.cell for p in core_path.split(cells) if p.is_code and p.is_visible}
    assert visible == {"imports", "visible", "exercise-1-answer", "blank"}


def test_what_is_on_the_path_is_counted(path):
    length = reading_time.measure(path)
    # A title (3 words), prose (4), a comment (2), a heading (4), a prediction (2), the
    # promise (11), the questions (3).
    assert length == reading_time.Length(
        words=29, lines=4, figures=1, equations=1, predictions=1, recalls=1, blanks=1,
        exercises=1,
    )  # fmt: skip
    assert length.reading == round(29 / 80 + 4 * 0.15 + 2 + 2 + 3 + 4)
    assert length.exercising == 8


def test_the_promise_of_a_page_is_read(path, cells, tmp_path):
    assert reading_time.read_promise(path) == (45, 30)
    other = tmp_path / "other.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells[:1]), other)
    assert reading_time.read_promise(other) is None


def test_the_table_compares_the_estimate_with_the_page(path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["reading_time.py", str(path)])
    reading_time.main()
    assert "45 + 30" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("counts", "recalls", "minutes"),
    [
        ((1074, 51, 3, 1, 1), 0, 29),  # the mean of two readers
        ((808, 51, 3, 0, 1), 0, 31),
        ((974, 51, 3, 0, 1), 0, 32),
        ((2301, 51, 6, 6, 4), 1, 71),
        ((2060, 29, 5, 5, 3), 1, 58),
        ((2201, 29, 5, 5, 3), 1, 65),
        ((2003, 85, 7, 3, 5), 1, 65),
        ((1687, 76, 6, 2, 4), 1, 53),
        ((1775, 77, 6, 2, 4), 1, 56),
        ((2056, 72, 7, 2, 5), 1, 60),
        ((2062, 48, 7, 2, 4), 1, 58),
    ],
)
def test_estimates_are_near_the_readings_that_they_were_fitted_to(
    counts, recalls, minutes
):
    length = reading_time.Length(*counts, recalls=recalls, blanks=1)
    assert length.reading == pytest.approx(minutes, rel=0.2)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("react({1: 'a', 2: 'b'}, 'c', tolerance=1)", 2),
        ("mistakes = {1: 'a'}\nexercises.react(mistakes, 'c', tolerance=1)", 1),
        ("exercises.check_function(f, [], g, {'a': f, 'b': g, 'c': f})", 3),
        ("check_function(f, [], g, mistakes={'a': f})", 1),
        ("check_subclass(a, A, f, [], g, {'a': f, 'b': g}, 'c')", 2),
        ("m = {'a': 1, 'b': 2}\nreact({v: k for k, v in m.items()}, 'c')", 2),
        ("other({1: 'a'})\ncheck(a, b, 'hint')", 0),
    ],
)
def test_reactions_of_a_check_are_counted(source, count):
    assert len(first_text.list_reactions(source)) == count


@pytest.mark.parametrize(
    ("source", "read", "bound"),
    [
        ("a = b", {"b"}, {"a"}),
        ("a = 1\nprint(a)", {"print"}, {"a"}),
        ("import x.y\nfrom z import w", set(), {"x", "w"}),
        ("for i in n:\n    t = i", {"n"}, {"i", "t"}),
        ("def f(x):\n    return x + y", {"y"}, {"f"}),
        ("class A(B):\n    c = D\n    def g(self):\n        return E", {*"BDE"}, {"A"}),
        ("[k for k in q]", {"q"}, set()),
        ("s += 1", {"s"}, {"s"}),
    ],
)
def test_names_that_a_cell_reads_and_binds_are_found(source, read, bound):
    assert first_text.list_names(source) == (read, bound)


def test_what_only_a_fold_binds_is_found(cells):
    sources = ["a = b = 1", "### Deeper: x", "a = c = 2", "## On", "print(a, b, c)"]
    made = [
        prose(text, f"n{i}") if text.startswith("#") else code(text, f"n{i}")
        for i, text in enumerate(sources)
    ]
    pieces = [piece for piece in core_path.split(made) if piece.is_code]
    assert first_text.list_borrowed(pieces) == [("n4", "a"), ("n4", "c")]


@first_text.each_chapter
def test_the_promised_minutes_are_what_the_core_path_takes(path):
    length, promise = reading_time.measure(path), reading_time.read_promise(path)
    assert promise, "Time: N minutes of reading, M of exercises, …"
    assert promise[0] <= (FIRST_MINUTES if path == first_text.FIRST else LONGEST)
    assert abs(promise[0] - length.reading) <= 5, length
    assert abs(promise[1] - length.exercising) <= 8, length


def test_every_chapter_of_the_list_is_in_the_book():
    toc = (first_text.ROOT / "_toc.yml").read_text()
    for path in first_text.PATHS:
        assert f"notebooks/{path.stem}" in toc
