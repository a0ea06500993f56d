"""A client for CVAT, the Computer Vision Annotation Tool."""

from cvat_sdk.version import __version__

__all__ = ["__version__"]
