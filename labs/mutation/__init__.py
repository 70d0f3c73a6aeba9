"""Mutation testing of functions/ (docs/mutation.md)."""
