"""Filters of bill lists: the registry, their values, and the reference page made from it."""
