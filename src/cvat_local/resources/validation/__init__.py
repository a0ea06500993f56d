"""Ground truth jobs of tasks, and which of their frames count."""
