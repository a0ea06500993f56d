"""HTTP side of the server: routing, request bodies, answers, errors, lists."""
