"""Projects: tasks that share labels."""
