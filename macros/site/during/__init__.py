"""What takes part in the rendering of Markdown: extensions of Python-Markdown."""
