"""The scripts, one module for each part of the client."""
