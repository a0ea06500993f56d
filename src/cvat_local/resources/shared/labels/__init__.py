"""Labels of projects and tasks, as far as these write them too."""
