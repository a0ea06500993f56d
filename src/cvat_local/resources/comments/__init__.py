"""Comments: what is said about an issue."""
