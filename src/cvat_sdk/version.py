"""The version of the distribution; it names the CVAT API version that the package implements."""

__version__ = "2.80.0"

VERSION = __version__
