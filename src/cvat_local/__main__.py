"""``python -m cvat_local`` is ``cvat-local``."""

import sys

from cvat_local.cli import main

sys.exit(main())
