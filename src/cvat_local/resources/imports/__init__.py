"""Import of annotations from files."""
