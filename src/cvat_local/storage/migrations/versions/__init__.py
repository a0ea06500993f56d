"""One file a change of the tables, written by ``python -m cvat_local.storage.migrate``."""
