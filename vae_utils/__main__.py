"""`python -m vae_utils`: the command line."""

import sys

from vae_utils import signals, streams

if __name__ == "__main__":
    signals.leave_at_once()
    streams.open_closed()
    from vae_utils.cli import main  # after signals: these imports take a while

    sys.exit(main(sys.argv[1:]))
