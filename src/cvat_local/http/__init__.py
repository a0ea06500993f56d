"""The protocol alone: bodies, forms, uploads, answers, errors, lists; no database row and no resource."""
