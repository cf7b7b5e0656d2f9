"""The engine: interprets decision trees at build and in the reader's browser. Standard library alone.

It is entered by `api.start`. Each room says in its README what it knows and what it refuses to know.
"""
