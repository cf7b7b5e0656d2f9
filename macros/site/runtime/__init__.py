"""What the reader's browser runs: Python, the engine and its data, proved to answer as the build does."""
