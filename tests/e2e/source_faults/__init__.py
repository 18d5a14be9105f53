"""Faults of the chambers through the whole line, on one system that all modules here share."""
