"""Growth: which promotional prompts an account has seen, and allows."""
