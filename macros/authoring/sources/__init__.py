"""Authored files as data with their places, and what is wrong with them as text or by their schema."""
