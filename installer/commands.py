"""Entry of the packaged command-line program; also the child process that reads files."""

import sys

from csdesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
