"""Who calls: credentials, sessions, API keys, registration."""
