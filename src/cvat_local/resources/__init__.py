"""What the server has, one folder a resource of the API."""
