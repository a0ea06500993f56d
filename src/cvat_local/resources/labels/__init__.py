"""Labels of projects and tasks, their attributes and the parts of skeletons."""
