"""The event log: what users do in their clients."""
