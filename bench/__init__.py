"""Measurements; each is a make target."""
