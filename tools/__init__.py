"""What `make check` needs beyond what others have written."""
