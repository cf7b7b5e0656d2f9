"""Authoring: loads what editors write, says where it is wrong, and proves it safe."""
