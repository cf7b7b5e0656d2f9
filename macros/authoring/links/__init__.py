"""Permanent links: the directory of all there are, and the lock of those that were ever published."""
