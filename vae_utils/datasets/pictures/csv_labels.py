"""Labels of pictures from a CSV file, with a line for each picture."""

import csv
from pathlib import Path, PurePosixPath

from vae_utils import paths
from vae_utils.datasets.pictures.wording import count, some

FILE_HEADERS = ("file", "filename", "file_name", "name", "path", "image", "id")
LABEL_HEADERS = ("label", "class", "class_name", "category")
SEPARATORS = ",;\t"


def read_csv(path, root: Path) -> tuple[Path, dict[str, str]]:
    """Reads the label of each file.

    Args:
        path: of the CSV file, which begins with a line of headers, one of them among
            `FILE_HEADERS`, one among `LABEL_HEADERS`; other columns are ignored.
        root: the folder of the pictures.

    Returns:
        The absolute path, and name → label.

    Raises:
        ValueError: if it cannot be read, or a file has two labels.
    """
    path = paths.absolute(path)
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            first = stream.readline()
            stream.seek(0)
            separator = max(SEPARATORS, key=first.count)
            header, *rows = list(csv.reader(stream, delimiter=separator)) or [[]]
    except OSError as error:
        raise ValueError(
            "labels must be 'folders', None, or a CSV file that can be read "
            f"({error.strerror}). Received: labels={str(path)!r}"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(
            "The file of labels must be CSV in UTF-8, with a line for each picture "
            f"({error}). Received: labels={str(path)!r}"
        ) from error
    return path, _read_rows(path, root, header, rows)


def _read_rows(path, root, header, rows):
    """Returns name → label; each name once."""
    file, label = _find_columns(path, header)
    found, twice = {}, []
    for row in rows:
        if len(row) <= max(file, label):
            continue  # an empty line
        name, text = _clean(row[file], root), row[label].strip()
        if found.setdefault(name, text) != text:
            twice.append(name)
    _refuse_two(path, twice)
    return {name: text for name, text in found.items() if text}


def _refuse_two(path, names):
    """Raises ValueError if pictures have two labels."""
    if names:
        raise ValueError(
            f"The file of labels has two labels for {some(names)}: keep one line for "
            f"each picture. Received: labels={str(path)!r}"
        )


def _find_columns(path, header):
    names = [name.strip().lower() for name in header]
    file = next((i for i, name in enumerate(names) if name in FILE_HEADERS), None)
    label = next((i for i, name in enumerate(names) if name in LABEL_HEADERS), None)
    if file is None or label is None:
        raise ValueError(
            "The file of labels must begin with a line of headers, 'file,label', and "
            f"have a line for each picture. Received: labels={str(path)!r}, which "
            f"begins with {some([','.join(header)])!r}"
        )
    return file, label


def _clean(name, root):
    """Writes a name as the listing does: below the folder, with /."""
    name = name.strip().replace("\\", "/")
    prefix = f"{root.as_posix()}/"
    return name.removeprefix(prefix).removeprefix("./")


def look_up(names, path: Path, lines: dict[str, str], *, refuse: bool) -> list:
    """Finds the label of each picture.

    Args:
        names: of the pictures, below their folder.
        path: of the CSV file.
        lines: name → label. A name may lack folders, and its ending, if no two
            pictures are meant then.
        refuse: whether pictures and lines must fit each other.

    Returns:
        A label for each picture; None for those without one.

    Raises:
        ValueError: if they do not, and are to be refused.
    """
    found, missing, twice = dict.fromkeys(names), [], []
    spellings = _spell(names)
    for name, text in lines.items():
        if (known := spellings.get(name)) is None:
            missing.append(name)
        elif found[known] not in (None, text):
            twice.append(known)
        else:
            found[known] = text
    _refuse_two(path, twice)
    without = [name for name, text in found.items() if text is None]
    if refuse and (without or missing):
        raise ValueError(
            f"The file of labels {_describe(without, missing)}: correct it, or choose "
            f"on_error='skip'. Received: labels={str(path)!r}"
        )
    return [found[name] for name in names]


def _describe(without, missing):
    """Says which pictures have no label, and which lines no picture."""
    parts = []
    if without:
        pictures = count(len(without), "picture")
        parts.append(f"has no label for {pictures}, such as {some(without)}")
    if missing:
        pictures = count(len(missing), "picture that is", "pictures that are")
        parts.append(f"names {pictures} not in the folder, such as {some(missing)}")
    return " and ".join(parts)


def _spell(names):
    """Maps all spellings of names that mean one picture; others map to None."""
    spellings = {name: name for name in names}
    for shorten in (
        lambda name: PurePosixPath(name).name,
        lambda name: str(PurePosixPath(name).with_suffix("")),
        lambda name: PurePosixPath(name).stem,
    ):
        more = {}
        for name in names:
            short = shorten(name)
            more[short] = name if more.get(short, name) == name else None
        spellings = more | spellings
    return spellings
