"""Pure media code: files in, files and plain values out. Nothing here knows HTTP or the database."""
