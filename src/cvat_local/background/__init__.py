"""Background work: requests that survive a crash, and the threads that work on them.

- `ids` writes and reads the ids of requests;
- `states` moves a request from queued to finished or failed, in the database;
- `work` is what a module with work functions uses;
- `queue` ties them together.
"""
