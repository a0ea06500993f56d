"""What several resources do in the same way."""
