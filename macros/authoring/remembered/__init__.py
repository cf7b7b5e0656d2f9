"""The dear questions about trees, each asked of all that its answer depends on, and answered once."""
