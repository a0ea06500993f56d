"""Alembic environment: how the tables came to be what `cvat_local.storage.tables` says."""
