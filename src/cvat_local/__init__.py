"""A CVAT-compatible server that runs on this machine."""
