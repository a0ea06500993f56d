"""Questions about rows that several parts of the server ask."""
