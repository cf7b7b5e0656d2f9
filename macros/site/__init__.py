"""The site: what a build takes from the trees, what it adds to the pages, and the server that shows it while editing.

Knows the engine and the authoring layer, files and MkDocs' outside. Refuses to know how a decision is made.
"""
