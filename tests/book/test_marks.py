"""The extensions that mark what a reader is asked, and name what is folded."""

import access
import pytest
import reading
from docutils import nodes


def paragraph(word, text="what then?"):
    """As MyST makes it, with an empty text before the bold word."""
    bold = nodes.strong("", word)
    return nodes.paragraph("", "", nodes.Text(""), bold, nodes.Text(f" {text}"))


def cell(output="1", hide_mode=None, **about):
    """A code cell as MyST-NB makes it."""
    made = nodes.container(nb_element="cell_code", cell_metadata=about)
    if hide_mode:
        made["hide_mode"] = hide_mode
    made += nodes.container(nb_element="cell_code_source")
    if output:
        made += nodes.container(
            "", nodes.paragraph("", output), nb_element="cell_code_output"
        )
    return made


def section(*children, title="A section"):
    return nodes.section("", nodes.title("", title), *children)


def mark(tree, new_document):
    new_document += tree
    reading.MarkReading(new_document).apply()
    return list(new_document.findall(reading.Outcome))


@pytest.fixture
def new_document():
    from docutils.frontend import get_default_settings
    from docutils.utils import new_document

    return new_document("page", get_default_settings())


def test_only_a_bold_word_at_the_beginning_asks():
    assert reading.kind(paragraph("Predict.")) == "predict"
    assert reading.kind(paragraph("Look.")) == "look"
    assert reading.kind(paragraph("What's next.")) is None
    assert reading.kind(nodes.paragraph("", "", nodes.Text("Predict. What?"))) is None
    late = nodes.paragraph("", "", nodes.Text("so "), nodes.strong("", "Look."))
    assert reading.kind(late) is None
    assert reading.kind(nodes.paragraph()) is None
    assert reading.kind(nodes.title("", "Look.")) is None


def test_a_widget_to_try_is_no_outcome_but_what_to_look_at_there_is(new_document):
    def widget(kind):
        made = cell()
        html = f'<div class="vae-widget {kind}" id="a"></div>'
        made.children[-1][0] += nodes.raw("", html, format="html")
        return made

    for kind, hidden in (("loss-units", 1), ("vae-film", 2)):
        tree = section(paragraph("Predict."), widget(kind), paragraph("Look."))
        (outcome,) = mark(tree, new_document)
        assert len(outcome.children) == hidden
        assert reading.kind(outcome.children[-1]) == "look"
        outcome.parent.remove(outcome)


def test_an_outcome_reaches_from_the_first_output_to_look(new_document):
    silent, loud, text = cell(output=""), cell("told"), nodes.paragraph("", "so")
    after = nodes.paragraph("", "and on")
    tree = section(
        paragraph("Predict."), silent, loud, text, cell(), paragraph("Look."), after
    )
    (outcome,) = mark(tree, new_document)
    assert outcome.astext().startswith("told") and "what then?" in outcome.astext()
    assert outcome.parent is tree and tree.index(outcome) == tree.index(loud) + 1
    assert [child["nb_element"] for child in loud] == ["cell_code_source"]
    assert after.parent is tree and silent.parent is tree
    assert tree[1]["ids"] == ["predict-1"] and tree[1]["classes"] == ["predict"]


@pytest.mark.parametrize("end", [paragraph("Predict."), section(title="Next")])
def test_an_outcome_ends_before_the_next_question_or_heading(end, new_document):
    tree = section(paragraph("Predict."), cell("told"), end.deepcopy())
    (outcome,) = mark(tree, new_document)
    assert outcome.astext() == "told"


def test_a_prediction_without_a_result_gets_no_button(new_document):
    tree = section(paragraph("Predict."), cell(output=""), paragraph("Look."), cell())
    assert not mark(tree, new_document)
    assert tree[1]["ids"] == []


def test_a_cell_that_is_folded_as_a_whole_waits_as_a_whole(new_document):
    folded = cell("told", hide_mode="all")
    tree = section(paragraph("Predict."), folded, paragraph("Look."))
    (outcome,) = mark(tree, new_document)
    assert folded.parent is outcome and len(folded) == 2


def test_two_predictions_have_an_outcome_each(new_document):
    tree = section(
        paragraph("Predict."), cell("one"), paragraph("Look."), paragraph("Predict."),
        cell("two"), paragraph("Look."),
    )  # fmt: skip
    outcomes = mark(tree, new_document)
    assert [outcome["number"] for outcome in outcomes] == [1, 2]
    assert [outcome.astext().split()[0] for outcome in outcomes] == ["one", "two"]


def test_jupyter_names_a_heading_by_its_text():
    assert reading.slug("Solution to exercise 2") == "Solution-to-exercise-2"


def test_a_fold_is_named_after_its_figure_or_its_section():
    figure = {"figure": {"caption": "Ten digits. From a run.", "name": "fig-ten"}}
    drawn, counted = cell(mystnb=figure), cell()
    section(drawn, counted, title="Count")
    assert access.describe(drawn) == "Ten digits"
    assert access.describe(counted) == "Count"
    assert access.describe(cell()) == ""


def test_the_themes_buttons_are_named_as_they_read():
    button = '<button class="btn search-button-field x" title="Search" {}data-bs="">'
    named = '<i class="theme-switch fa-sun" data-mode="light" title="Light"></i>'
    bar = '<div id="pst-primary-sidebar" class="bd-sidebar">'
    text = access.correct(button.format('aria-label="Search" ') + named + bar)
    assert text.startswith(button.format("")) and 'title="Light"' not in text
    assert 'role="region" aria-label="Side bar"' in text


def test_a_header_without_text_is_no_header():
    table = '<tr><th class="head"><p></p></th><th>    </th><th>nll</th><th></th></tr>'
    cells = '<tr><td class="head"><p></p></td><td>    </td><th>nll</th><td></td></tr>'
    assert access.correct(table) == cells


def test_a_page_begins_with_what_replaces_blocked_storage():
    page = access.correct("<html><head>\n<title>A</title></head></html>")
    assert page.index("localStorage") < page.index("<title>")
    assert access.correct(page) == page
