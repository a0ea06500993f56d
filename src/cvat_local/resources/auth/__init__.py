"""Signing in and out, registering, changing the password."""
