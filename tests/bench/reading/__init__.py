"""Figures of reading: the API, the index, and their rivals."""
