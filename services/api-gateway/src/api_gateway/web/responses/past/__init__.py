"""Replies about the past: bills and lists as they were, and what changed between versions."""
