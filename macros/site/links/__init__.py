"""Permanent links on the site: the pages and files that keep them working."""
