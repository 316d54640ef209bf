"""The film of the playground: how it is made, what is stored, how a page plays it."""

import make_playground_film as tool
import numpy as np
import playground_film
import pytest
import readme_blocks
from film_files import COLOURS, NEAR, reduce_film
from make_playground_film import Shot
from PIL import Image, ImageSequence
from widget_pages import wait_until

MOST_MS = 5000  # of motion, WCAG 2.2.2
SHORT = [Shot(0), Shot(3, rest=100), Shot(5, beta=20, rest=200)]
SCRIPT = tool.ROOT / "book" / "_static" / "playground_film" / "film.js"
PAGE = (
    '<!doctype html><html lang="en" data-content_root="./"><head>'
    '<meta charset="utf-8"><title>film</title></head><body>{above}'
    '<div class="playground-film" data-film="{film}" data-milliseconds="{time}">'
    '<img src="poster.png" alt="" width="100" height="100">'
    '<p class="start-buttons"><a href="#">Train one live</a></p></div>'
    "<script>{script}</script></body></html>"
)


def read(path):
    """Returns frames (RGB) and times of a film."""
    with Image.open(path) as film:
        pairs = [
            (each.convert("RGB"), each.info["duration"])
            for each in ImageSequence.Iterator(film)
        ]
    return [frame for frame, _ in pairs], [time for _, time in pairs]


needs_browser = pytest.mark.usefixtures("open_browser")


@needs_browser
def test_a_short_film_has_its_frames_in_both_formats(tmp_path):
    tool.make_film(tmp_path, SHORT)
    times = [tool.FRAME_MS + shot.rest for shot in SHORT]
    frames, found = read(tmp_path / tool.GIF)
    assert found == times
    width = tool.FILM_WIDTH * tool.FILM_SCALE
    assert {frame.width for frame in frames} == {width}
    web, found = read(tmp_path / tool.WEBP)
    assert found == times
    for each, other in zip(frames, web, strict=True):
        np.testing.assert_array_equal(np.asarray(each), np.asarray(other))
    assert not np.array_equal(np.asarray(frames[0]), np.asarray(frames[1]))
    with Image.open(tmp_path / tool.POSTER) as poster:
        poster = np.asarray(poster.convert("RGB"))
    np.testing.assert_array_equal(poster, np.asarray(frames[1]))  # the last at β = 1


@needs_browser
def test_frames_depend_on_steps_and_not_on_what_is_taken_before(tmp_path):
    few = list(tool.take_film(SHORT, tmp_path / "few"))
    more = list(tool.take_film([Shot(0), Shot(1), *SHORT[1:]], tmp_path / "more"))
    assert [state["step"] for _, state in few] == [0, 3, 5]
    assert [state["beta"] for _, state in few] == [1, 1, 20]
    del more[1]
    for (one, _), (other, _) in zip(few, more, strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_the_plan_takes_each_step_once_and_early_ones_more_often():
    shots = tool.plan_film()
    steps = [shot.step for shot in shots]
    assert len(set(steps)) == len(steps) and steps == sorted(steps)
    learning = [shot.step for shot in shots if shot.beta == 1]
    assert learning[-1] == tool.LEARNED
    assert (np.diff(learning, 2) >= -1).all()
    assert {shot.beta for shot in shots} == {1, *tool.BETAS}


def test_what_is_written_above_a_frame_is_what_the_run_says():
    state = {"epoch": 3.9, "beta": 1, "active": 2}
    assert tool.write_story(state)[0].endswith("epoch 3, β = 1")
    shrinking, collapsed = (
        tool.write_story({**state, "beta": 20, "active": n})[1] for n in (1, 0)
    )
    assert "20 times" in shrinking and "collapse" in collapsed


@pytest.mark.parametrize("name", [tool.GIF, tool.WEBP])
def test_the_stored_film_moves_for_five_seconds_at_most(name):
    path = tool.ROOT / name
    assert path.stat().st_size <= 1_500_000
    frames, times = read(path)
    assert len(frames) == len(tool.plan_film())
    assert sum(times[:-1]) <= MOST_MS and times[-1] > 2000
    assert frames[0].width == tool.FILM_WIDTH * tool.FILM_SCALE
    with Image.open(path) as film:
        assert film.info["loop"] == (0 if name == tool.GIF else 1)


def test_stored_pictures_are_light():
    assert (tool.ROOT / tool.PICTURE).stat().st_size <= 150_000
    assert (tool.ROOT / tool.POSTER).stat().st_size <= 60_000
    with Image.open(tool.ROOT / tool.PICTURE) as picture:
        assert 1200 <= picture.width <= 1600
    with Image.open(tool.ROOT / tool.POSTER) as poster:
        size = poster.size
    assert size == read(tool.ROOT / tool.WEBP)[0][0].size


def test_the_readme_shows_the_film_and_says_what_is_seen():
    text = (tool.ROOT / "README.md").read_text()
    assert f"![{readme_blocks.ALT}]({tool.GIF})" in text
    assert "CC BY-SA 3.0" in text  # of the digits


def test_small_changes_wait_but_leave_nothing_on_the_ground():
    values = np.full((4, 8, 8, 3), 255, np.uint8)
    values[0, :4] = (200, 60, 40)  # a colour
    values[:3, 4:, :4] = [[[[100] * 3]], [[[100 + NEAR // 2] * 3]], [[[190] * 3]]]
    frames = [Image.fromarray(each) for each in values]
    reduced = [
        np.asarray(f.convert("RGB")).astype(int) for f in reduce_film(frames, {3})
    ]
    grey = [each[7, 0, 0] for each in reduced]
    assert grey[0] == grey[1] != grey[2]
    assert (reduced[1][:4] == 255).all() and (reduced[3] == 255).all()
    exact = reduce_film(frames, {0, 1, 2, 3})
    assert np.asarray(exact[1].convert("RGB"))[7, 0, 0] != grey[0]
    colours = np.stack([np.asarray(frame.convert("RGB")) for frame in exact])
    assert len(np.unique(colours.reshape(-1, 3), axis=0)) <= COLOURS


def test_a_films_length_is_that_of_its_frames_but_the_last(tmp_path):
    frames = [Image.new("RGB", (8, 8), (80 * i, 0, 0)) for i in range(3)]
    options = {"save_all": True, "append_images": frames[1:], "lossless": True}
    frames[0].save(tmp_path / "a.webp", duration=[50, 70, 900], **options)
    assert playground_film.measure(tmp_path / "a.webp") == 120


@pytest.fixture(scope="module")
def browser(open_browser):
    return open_browser(600, 500)


def open_page(browser, folder, above="", film="a.webp", time=400):
    """Opens a page with a film."""
    (folder / "_static").mkdir()
    Image.new("RGB", (100, 100), "red").save(folder / "poster.png")
    Image.new("RGB", (100, 100), "blue").save(folder / "_static" / "a.webp")
    page = folder / "page.html"
    parts = {"above": above, "film": film, "time": time, "script": SCRIPT.read_text()}
    page.write_text(PAGE.format(**parts))
    browser.get(page.as_uri())


STATE = (
    "return [document.querySelector('img').getAttribute('src'),"
    " document.querySelector('button').textContent]"
)


def wait_for(browser, *state):
    wait_until(browser, f"return (() => {{{STATE}}})().join() === arguments[0]",
               ",".join(state))  # fmt: skip


def press(browser):
    browser.execute_script("document.querySelector('button').click()")


def test_a_film_plays_when_it_is_seen_and_again_when_asked(browser, tmp_path):
    open_page(browser, tmp_path, above='<div style="height: 3000px"></div>')
    assert browser.execute_script(STATE) == ["poster.png", "Play the film"]
    browser.execute_script("document.querySelector('img').scrollIntoView()")
    wait_for(browser, "./_static/a.webp", "Stop")
    wait_for(browser, "./_static/a.webp", "Play again")
    press(browser)
    assert browser.execute_script(STATE) == ["./_static/a.webp", "Stop"]
    press(browser)
    assert browser.execute_script(STATE) == ["poster.png", "Play"]


def test_a_film_waits_where_less_motion_is_wanted(browser, tmp_path):
    features = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        open_page(browser, tmp_path)
        browser.execute_async_script("setTimeout(arguments[0], 500)")
        assert browser.execute_script(STATE) == ["poster.png", "Play the film"]
        press(browser)
        wait_for(browser, "./_static/a.webp", "Play again")
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_film_that_is_missing_leaves_the_poster(browser, tmp_path):
    open_page(browser, tmp_path, film="none.webp")
    wait_for(browser, "poster.png", "Play")
