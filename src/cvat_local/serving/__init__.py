"""From a request to a handler and back: matching, the caller, the transaction, the answer."""
