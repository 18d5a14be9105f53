"""Filters of bill lists: the registry, the parsing of their values, and the reference page generated from it."""
