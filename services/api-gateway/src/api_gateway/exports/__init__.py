"""Exports of all data as files: what is in them, how they are described, and where they are kept."""
