"""Organizations: workspaces that members share, and the roles they have there."""
