"""Backups: all of a task or project as one archive, and tasks and projects of such archives.

    task.json           name, labels, how the data is read, the jobs
    annotations.json    a document for each job, which names labels and attributes by their names
    data/               the files of the data, and manifest.jsonl, which lists them in their order

An archive of a project has ``project.json``, and in ``task_0/``, ``task_1/`` ... one of each task.
"""
