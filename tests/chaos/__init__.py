"""Chaos runs: the whole system as processes while everything that can fail does."""
