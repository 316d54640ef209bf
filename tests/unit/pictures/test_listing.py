import os

import pytest
from picture_files import write
from sentences import assert_is_a_sentence

from vae_utils.datasets.pictures import listing
from vae_utils.datasets.pictures.listing import list_pictures


def test_lists_pictures_by_name_and_counts_other_files(own):
    write(own, "b.png", "a/2.jpg", "a/1.PNG", ".hidden.png", "__MACOSX/x.png")
    (own / ".thumbnails").mkdir()
    write(own / ".thumbnails", "t.png")
    (own / "notes.txt").write_text("x")
    (own / "a" / "noending").write_text("x")
    found = list_pictures(own, 10)
    assert [file.name for file in found.files] == ["a/1.PNG", "a/2.jpg", "b.png"]
    assert found.files[2].size == (own / "b.png").stat().st_size
    assert sorted(found.others) == ["a/noending", "notes.txt"]
    assert found.unusable == []


def test_says_why_a_file_cannot_be_used(own):
    write(own, "good.png")
    (own / "empty.png").touch()
    (own / "broken.png").symlink_to("nowhere")
    (own / "self.png").symlink_to("self.png")
    (own / "itself").symlink_to("itself")
    (own / "folder.png").mkdir()
    os.mkfifo(own / "pipe.png")
    name = os.fsencode(own) + b"/caf\xe9.png"
    open(name, "wb").close()
    found = list_pictures(own, 10)
    assert [file.name for file in found.files] == ["good.png"]
    assert found.others == ["itself"]
    assert dict(found.unusable) == {
        "broken.png": "a broken link",
        "caf\udce9.png": "its name is not UTF-8",
        "empty.png": "an empty file",
        "pipe.png": "not a regular file",
        "self.png": "a broken link",
    }


def test_a_loop_of_links_ends_and_is_named(own):
    write(own, "a/b/1.png")
    (own / "a/b/up").symlink_to(own)
    (own / "a/here").symlink_to(".")
    found = list_pictures(own, 10)
    assert [file.name for file in found.files] == ["a/b/1.png"]
    reason = "a link to a folder that is listed already"
    assert dict(found.unusable) == {"a/b/up/": reason, "a/here/": reason}


def test_follows_links_to_files_and_folders_elsewhere(own, tmp_path):
    write(tmp_path / "elsewhere", "1.png", "2.png")
    (own / "linked").symlink_to(tmp_path / "elsewhere")
    (own / "3.png").symlink_to(tmp_path / "elsewhere/1.png")
    names = [file.name for file in list_pictures(own, 10).files]
    assert names == ["3.png", "linked/1.png", "linked/2.png"]


def test_a_folder_that_cannot_be_read_is_named(own, monkeypatch):
    write(own, "a/1.png", "b/2.png")
    scan = os.scandir

    def refuse(folder):
        if str(folder).endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(listing.os, "scandir", refuse)
    found = list_pictures(own, 10)
    assert [file.name for file in found.files] == ["b/2.png"]
    assert found.unusable == [("a/", "Permission denied")]
    monkeypatch.setattr(listing.os, "scandir", lambda folder: refuse("/a"))
    with pytest.raises(ValueError, match=r"with \. \(Permission denied\)") as caught:
        list_pictures(own, 10)
    assert_is_a_sentence(caught.value)


def test_folders_inside_folders_have_a_limit(own, monkeypatch):
    monkeypatch.setattr(listing, "DEEPEST", 2)
    write(own, "a/b/1.png", "a/b/c/2.png")
    found = list_pictures(own, 10)
    assert [file.name for file in found.files] == ["a/b/1.png"]
    assert found.unusable == [("a/b/c/", "more than 2 folders deep")]


def test_stops_at_the_limit_of_files(own):
    write(own, "1.png", "2.png", "3.png")
    assert len(list_pictures(own, 3).files) == 3
    with pytest.raises(ValueError, match="more than 2 pictures: raise max_files"):
        list_pictures(own, 2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda own: own, "holds no pictures.*which is empty"),
        (lambda own: own / "no", "There is no such folder"),
        (lambda own: write(own, "a.png") / "a.png", "a folder of pictures, and this"),
        (lambda own: touch(own / "a.zip"), "this is a file: unpack it first"),
        (lambda own: touch(own / "a.txt").parent, "with 1 other file, such as a.txt"),
        (lambda own: touch(own / "a.png").parent, r"with a.png \(an empty file\)"),
        (lambda own: own / "caf\udce9", r"in UTF-8: rename it. .*caf\\xe9"),
    ],
)
def test_refuses_a_path_without_pictures(own, make, words):
    with pytest.raises(ValueError, match=words) as caught:
        list_pictures(make(own), 10)
    assert_is_a_sentence(caught.value)
    str(caught.value).encode()


def touch(path):
    path.touch()
    return path
