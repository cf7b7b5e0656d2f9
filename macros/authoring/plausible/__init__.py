"""Plausible situations, made up by a fixed seed, to measure how often a tool leaves its level open."""
