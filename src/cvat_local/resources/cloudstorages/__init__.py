"""Buckets that users attach: what is in them, and reading and writing their files."""
