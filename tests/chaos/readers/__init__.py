"""Readers of every channel that are killed and resume while all else fails."""
