"""Personal access tokens: a way to sign in that can be limited and revoked."""
