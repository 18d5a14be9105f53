"""The product broken on purpose, and whether a run notices."""
