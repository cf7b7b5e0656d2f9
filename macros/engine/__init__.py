"""The engine: interprets decision trees at build and in the reader's browser. Standard library alone.

It is entered by `api.start`. Each room says in its README what it knows and what it refuses to know.
"""

RULES = 2
"""The number of the rules by which the engine decides and writes a record.

Raise it with every change after which the same answers to the same trees come to something else, or are recorded in
other words: records name it in their version, and one of an older version is then not taken for a false one.
tests/test_outcomes.py notices where it was forgotten.
"""
