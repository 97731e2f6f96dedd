"""`python -m etl …` is the same program as `cchc …`."""

import sys

from etl.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
