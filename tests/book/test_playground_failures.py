"""What can go wrong in the playground's page, and what it says then."""

import pytest
from playground_site import do, show, show_run, write_page, write_site
from widget_pages import wait_until


@pytest.fixture(scope="module")
def browser(playground_browser):
    return playground_browser


def test_a_divergence_has_a_way_back(compute):
    script = """
    await trainTo(120);
    run.change({ learningRate: 1e30 });
    press("Play");
    await until(() => run.snapshot.failure);
    const alert = one("[role=alert]");
    const { failure } = run.snapshot;
    const before = run.records.length;
    const text = alert.firstChild.textContent;
    const button = alert.querySelector("button");
    const name = button.textContent;
    button.click();
    await until(() => !run.snapshot.failure);
    const finite = run.snapshot.weights.every(Number.isFinite);
    run.change({ learningRate: 0.001 });
    const found = [failure, text, name, before, run.snapshot.step,
      run.records.map(({ step }) => step), finite, alert.childElementCount];
    await trainTo(100);
    return [...found, run.records.map(({ step }) => step), run.snapshot.failure];
    """
    found = compute(script)
    failure, text, name, before, step, records, finite, left, later, again = found
    assert failure["step"] > 120 and failure["goodStep"] == step == 50
    assert f"at step {failure['step']}: " in text and failure["term"] in (
        "nll",
        "kl",
        "loss",
        "weights",
    )
    assert name == "Go back to the weights of step 50"
    assert before == 4 and records == [0, 40] and finite and left == 0
    assert later == [0, 40, 80] and again is None


def test_where_no_worker_starts_the_page_trains_and_says_so(browser, playground_folder):
    refuse = "window.Worker = function () { throw new Error('not here'); };"
    show_run(
        browser, write_page(playground_folder, before=refuse, name="no worker.html")
    )
    script = """
    press("Play");
    await until(() => run.snapshot.step >= 20);
    press("Pause");
    return one(".vp-notices").textContent;
    """
    said = do(browser, script)
    assert "shares the page's thread and is slower (not here)" in said
    assert browser.get_log("browser") == []


MISSING = "data_sprites.js is missing: build the book again."


@pytest.fixture
def incomplete(browser, tmp_path):
    """Opens a page whose folder lacks data; returns what it says."""

    def go(*missing, fragment=""):
        address = write_page(write_site(tmp_path))
        for name in missing:
            (tmp_path / f"data_{name}.js").unlink()
        show_run(browser, address, fragment)
        return do(browser, "return [one('.vp-wish').textContent, run.data.name]")

    yield go
    browser.get_log("browser")  # the browser reports what it did not find


def test_missing_data_leave_a_sentence_and_the_old_run(browser, incomplete):
    assert incomplete("sprites") == ["", "digits"]
    script = """
    choose("sprites");
    await until(() => one(".vp-wish").textContent);
    const found = [one(".vp-wish").textContent, run.data.name];
    found.push(one("[value=digits]").checked, run.snapshot !== null);
    choose("ring");
    await until(() => run.data.name === "ring" && run.snapshot);
    return [...found, one(".vp-wish").textContent];
    """
    assert do(browser, script) == [MISSING, "digits", True, True, ""]


@pytest.mark.parametrize(
    ("missing", "fragment", "found"),
    [
        (("sprites",), "#data=sprites", [MISSING, "digits"]),
        (("digits",), "", [MISSING.replace("sprites", "digits"), "ring"]),
    ],
)
def test_a_page_without_its_data_shows_others(missing, fragment, found, incomplete):
    assert incomplete(*missing, fragment=fragment) == found


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("batchSize=5000", "batchSize must not exceed the training examples. "),
        ("batchSize=5000&steps=9", "batchSize must not exceed the training examples. "),
        ("likelihood=bernoulli", "A Bernoulli likelihood is for pixels, bytes; "),
    ],
)
def test_what_the_engine_refuses_has_a_sentence(
    fragment, said, browser, playground_address
):
    show(browser, playground_address, f"#data=ring&{fragment}")
    wait_until(browser, "return page.run.problem")
    script = """
    await frame();
    const found = [one(".vp-wish").textContent];
    press("Play");
    await frame();
    found.push(one(".vp-play").textContent);
    choose("digits");
    await until(() => run.data.name === "digits" && run.snapshot);
    press("One step");
    await until(() => run.snapshot.step === 1);
    return [...found, one(".vp-wish").textContent];
    """
    found = do(browser, script)
    assert found[0].startswith(said) and found[1:] == ["Play", ""]


# A page may load files next to it, and a worker of its own text; the browser reports
# all else that it asks for.
OWN = (
    "default-src 'none'; script-src file: blob: 'unsafe-inline'; worker-src blob:; "
    "style-src file: 'unsafe-inline'"
)


def test_nothing_is_asked_for_elsewhere(browser, playground_folder):
    head = f'<meta http-equiv="Content-Security-Policy" content="{OWN}">'
    show_run(browser, write_page(playground_folder, head, name="own.html"))
    script = """
    choose("clothes");
    await until(() => run.data.name === "clothes" && run.snapshot);
    await trainTo(30);
    return run.reason;
    """
    assert do(browser, script) is None
    assert browser.get_log("browser") == []
    do(browser, "await fetch('https://vae.example/').catch(() => {})")
    assert "vae.example" in browser.get_log("browser")[0]["message"]
