"""What is generated before any Markdown is rendered."""
