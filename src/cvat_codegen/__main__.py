"""``python -m cvat_codegen``."""

import sys

from cvat_codegen.cli import main

sys.exit(main())
