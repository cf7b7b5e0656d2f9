"""Where clauses are used, the lock that holds what was confirmed of them, and the amendments that tell of changes."""
