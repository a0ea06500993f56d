"""Memberships: the members of organizations and their roles."""
