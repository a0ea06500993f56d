"""Background requests, as clients watch and cancel them."""
