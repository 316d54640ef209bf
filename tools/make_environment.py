"""Creates a virtual environment and installs a list of requirements into it.

    python3 tools/make_environment.py .venv requirements.txt

Runs on any Python 3.6 or later, so that one that is too old or too new for the book
gets a clear error.
"""

import os
import subprocess
import sys
import venv

OLDEST, NEWEST = (3, 11), (3, 13)
VERSION = "{}.{}".format(*sys.version_info[:2])
# Python may bring an older one, which needs twice as long to choose versions.
PIP = "pip==26.3"
# pip itself would compile in one process, which takes a third of the installation.
COMPILE = """\
import compileall, sysconfig
compileall.compile_dir(sysconfig.get_path("purelib"), quiet=2, workers=0)
"""


def complaint():
    """Returns the sentence that says why this Python cannot be used, or None."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return (
            "The book needs Python 3.11, 3.12 or 3.13; name one with 'make "
            f"PYTHON=python3.12 ...'. Received: Python {VERSION} at {sys.executable}"
        )
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return (
            f"This Python cannot create a virtual environment: install the package "
            f"python{VERSION}-venv ('apt-get install python{VERSION}-venv' on Debian "
            f"and Ubuntu) and run make again. Received: {sys.executable}"
        )
    return None


def main(folder, requirements):
    """Creates `folder`, and installs `requirements` into it with pip's own progress."""
    sentence = complaint()
    if sentence:
        sys.exit(sentence)
    print(f"Creating {folder} with Python {sys.version.split()[0]}")
    sys.stdout.flush()
    # A folder left by another Python is emptied first.
    same = os.path.exists(os.path.join(folder, "lib", f"python{VERSION}"))
    builder = venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt", clear=not same)
    builder.create(folder)
    python = os.path.join(folder, "Scripts" if os.name == "nt" else "bin", "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install"]
    subprocess.call(pip + ["-q", PIP])  # without it, the older one does it
    result = subprocess.call(pip + ["--no-compile", "-r", requirements])
    if result:
        sys.exit(f"pip could not install {requirements}: its last lines say why.")
    print("Compiling what was installed")
    sys.stdout.flush()
    subprocess.call([python, "-W", "ignore", "-c", COMPILE])


if __name__ == "__main__":
    main(*sys.argv[1:])
