"""``python -m cvat_sdk.cli`` is ``cvat-api``."""

import sys

from cvat_sdk.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
