"""Annotations of jobs and tasks: tags, shapes and tracks.

`document` checks what a client sends, `store` keeps and reads it, `windows` cuts a task's document
into its jobs and `merge` puts them together again; `interpolation` tells where a track is in a frame.
"""
