"""`vae`, or `python -m vae_utils`: the command line."""

import sys

from vae_utils import signals, streams


def main():
    """Runs the program with the arguments of this process, and ends the process."""
    signals.leave_at_once()
    streams.open_closed()
    from vae_utils.cli import main  # after signals: these imports take a while

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    main()
