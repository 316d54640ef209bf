"""`python -m vae_utils`: the command line."""

import sys

from vae_utils.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
