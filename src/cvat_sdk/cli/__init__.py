"""The command ``cvat-api``: every operation of the API, and the jobs of several calls, from a shell."""
