"""Export of tasks, jobs and projects as datasets."""
