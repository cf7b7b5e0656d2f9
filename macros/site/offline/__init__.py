"""The copy of the site that a reader's device keeps when asked to."""
