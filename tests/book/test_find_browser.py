"""The browser that tests drive is one that its driver fits."""

import find_browser
import pytest

NOTHING = "#!/bin/sh\nexit 127\n"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts programs into an otherwise empty PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(find_browser.FOLDER, raising=False)

    def write(folder=tmp_path, **programs):
        folder.mkdir(exist_ok=True)
        for name, version in programs.items():
            path = folder / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\necho '{version}'\n" if version else NOTHING)
            path.chmod(0o755)

    return write


def test_chooses_the_browser_that_the_driver_fits(install, tmp_path):
    install(
        google_chrome="Google Chrome 150.0.7444.59",
        chromium="Chromium 149.0.7390.1 built on Debian",
        chromedriver="ChromeDriver 149.0.7390.7 (abc)",
    )
    expected = tmp_path / "chromium", tmp_path / "chromedriver"
    assert find_browser.find() == tuple(map(str, expected))
    install(chromedriver="ChromeDriver 150.0.7444.61 (abc)")
    assert find_browser.find()[0].endswith("google-chrome")


def test_finds_the_driver_of_a_machine_of_github(install, tmp_path, monkeypatch):
    install(google_chrome="Google Chrome 150.0.7444.59")
    install(tmp_path / "driver", chromedriver="ChromeDriver 150.0.7444.59 (abc)")
    assert find_browser.find() is None
    monkeypatch.setenv(find_browser.FOLDER, str(tmp_path / "driver"))
    assert find_browser.find()[1] == str(tmp_path / "driver" / "chromedriver")


@pytest.mark.parametrize(
    "programs",
    [
        {},
        {"chromium": "Chromium 149.0.1.1"},
        {"chromium": "Chromium 149.0.1.1", "chromedriver": "ChromeDriver 120.0.1.1"},
        {"chromium": None, "chromedriver": None},  # stubs that ask for a snap
    ],
)
def test_says_what_to_install_where_nothing_fits(programs, install):
    install(**programs)
    assert find_browser.find() is None
    with pytest.raises(SystemExit, match="apt-get install chromium chromium-driver"):
        find_browser.main()
