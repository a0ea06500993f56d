"""Helpers built on the low-level API."""
