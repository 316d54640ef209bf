"""Creates a virtual environment and installs requirements.txt into it.

    python3 tools/make_environment.py .venv

Runs on any Python, so that one that is too old or too new is told so in a sentence.
"""

import os
import subprocess
import sys
import venv

OLDEST, NEWEST = (3, 11), (3, 13)


def complaint():
    """Returns the sentence that says why this Python cannot be used, or None."""
    version = "{}.{}".format(*sys.version_info[:2])
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return (
            "The book needs Python 3.11, 3.12 or 3.13; name one with 'make "
            f"PYTHON=python3.12 ...'. Received: Python {version} at {sys.executable}"
        )
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return (
            f"This Python cannot create a virtual environment: install the package "
            f"python{version}-venv ('apt-get install python{version}-venv' on Debian "
            f"and Ubuntu) and run make again. Received: {sys.executable}"
        )
    return None


def main(folder):
    """Creates `folder`, and installs into it with pip's own progress."""
    sentence = complaint()
    if sentence:
        sys.exit(sentence)
    print(f"Creating {folder} with Python {sys.version.split()[0]}")
    sys.stdout.flush()
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(folder)
    python = os.path.join(folder, "Scripts" if os.name == "nt" else "bin", "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install"]
    result = subprocess.call(pip + ["-r", "requirements.txt"])
    if result:
        sys.exit("pip could not install requirements.txt: its last lines say why.")


if __name__ == "__main__":
    main(sys.argv[1])
