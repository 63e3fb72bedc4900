"""Entry of the packaged window program."""

import sys

from csdesk.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
