"""Objects of the server with methods, and the repositories that give them."""
