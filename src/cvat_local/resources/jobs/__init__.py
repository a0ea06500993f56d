"""Jobs: the parts of a task that people work on."""
