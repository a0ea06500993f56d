"""Tasks: media with labels, split into jobs."""
