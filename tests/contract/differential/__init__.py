"""The same scripts under the published package and under this one, and what tells them apart.

`cases` holds the scripts. A worker process per side (`worker`) runs them against a loopback server
(`server`) that records every request and plays prepared answers. `compare` finds the differences,
`differences.toml` says which of them are meant, `document` writes those down for readers.
"""
