"""Journeys and trees as HTML, escaped by default, written once for the build and for the browser."""
