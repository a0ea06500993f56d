"""``python -m cvat_codegen``."""

import sys

try:
    from cvat_codegen.cli import main
except ModuleNotFoundError as error:
    if str(error.name).startswith("cvat_"):
        raise
    sys.exit(
        f"cvat_codegen: the package {error.name} is missing; install cvat-sdk from its wheel or folder with the "
        "extra codegen, such as: pip install '.[codegen]'"
    )

sys.exit(main())
